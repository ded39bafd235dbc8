import { z } from 'zod';
import type { Update } from '../update.ts';
import {
  changeRow,
  escalationRow,
  evidenceRow,
  gapRow,
  items as itemsFold,
  sourceRow,
  statusFolds,
} from './folds.ts';
import { drawn, fence, fold, text, type Same, type View } from './leaves.ts';

/** The view model of each kind as templates see it. */

const line = text.nullable();
const lines = z.array(text);
const labelled = z.strictObject({ label: text, what: text });
const folds = <Shape extends z.core.$ZodShape>(shape: Shape) => z.strictObject(shape);
const {
  evidence,
  unread,
  criteria,
  components,
  commands,
  escalation,
  whys,
  alternatives,
  changes,
  contradictions,
  differences,
  sources,
} = statusFolds;
const items = itemsFold.nullable();
const timeline = drawn('timeline', { at: text, who: text, what: text, source: text }, {}).nullable();
const diff = fold('diff', { service: text, setting: text, now: text, was: text, evidence: text }).nullable();
const help = { usage: text, role: text, does: text };

const ends = { headline: text, footer: text };

const kinds = {
  status: z.strictObject({
    kind: z.literal('status'),
    ...ends,
    reading: text,
    state: labelled,
    affected: line,
    changed: z.strictObject({ since: text, what: text }).nullable(),
    cause: labelled.nullable(),
    worsened: line,
    notRuledOut: line,
    doNow: z.strictObject({ owner: text, what: text }).nullable(),
    escalate: line,
    next: line,
    configuration: line,
    folds: folds(statusFolds),
  }),
  brief: z.strictObject({
    kind: z.literal('brief'),
    ...ends,
    state: labelled,
    affected: line,
    changed: z.strictObject({ since: text, what: text }).nullable(),
    cause: labelled.nullable(),
    doNow: z.strictObject({ owner: text, what: text }).nullable(),
    escalate: line,
    next: line,
  }),
  'five-whys': z.strictObject({
    kind: z.literal('five-whys'),
    ...ends,
    reading: text,
    cause: labelled.nullable(),
    none: line,
    folds: folds({
      whys,
      alternatives,
      regression: items,
      components,
      changes,
      values: items,
      contradictions,
      differences,
      settings: statusFolds.settings,
      excerpts: statusFolds.excerpts,
      evidence,
      missing: commands,
    }),
  }),
  criteria: z.strictObject({
    kind: z.literal('criteria'),
    ...ends,
    reading: text,
    folds: folds({ criteria, escalation: fold('rules', escalationRow).nullable(), evidence }),
  }),
  diff: z.strictObject({
    kind: z.literal('diff'),
    ...ends,
    reading: text,
    folds: folds({
      services: fold('services', { line: text }).nullable(),
      healthy: diff,
      before: diff,
      evidence,
    }),
  }),
  evidence: z.strictObject({
    kind: z.literal('evidence'),
    ...ends,
    lines,
    cited: text,
    sample: fence.nullable(),
    query: fence.nullable(),
    command: fence.nullable(),
  }),
  'evidence-all': z.strictObject({
    kind: z.literal('evidence-all'),
    ...ends,
    reading: text,
    evidence: z.array(z.strictObject(evidenceRow)),
    unread: z.array(z.strictObject(gapRow)),
    changes: z.array(z.strictObject(changeRow)),
    sources: z.array(z.strictObject(sourceRow)),
  }),
  'configuration-errors': z.strictObject({
    kind: z.literal('configuration-errors'),
    ...ends,
    consequence: text,
    folds: folds({ errors: statusFolds.configuration }),
  }),
  help: z.strictObject({
    kind: z.literal('help'),
    ...ends,
    commands: z.array(z.strictObject(help)),
    folds: folds({ others: fold('help', help).nullable() }),
    notes: lines,
  }),
  refusal: z.strictObject({ kind: z.literal('refusal'), ...ends, lines }),
  notice: z.strictObject({ kind: z.literal('notice'), ...ends, lines }),
  escalation: z.strictObject({
    kind: z.literal('escalation'),
    ...ends,
    lines,
    packet: fence,
    folds: folds({ escalation, evidence }),
  }),
  resolution: z.strictObject({
    kind: z.literal('resolution'),
    ...ends,
    lines,
    folds: folds({ criteria, open: items, done: items, unread, evidence }),
  }),
  declare: z.strictObject({
    kind: z.literal('declare'),
    ...ends,
    reading: text,
    state: labelled,
    affected: line,
    regression: lines,
    cause: labelled.nullable(),
    doNow: z.strictObject({ owner: text, what: text }).nullable(),
    lead: text,
    next: line,
    configuration: line,
    folds: folds({
      configuration: statusFolds.configuration,
      commands,
      components,
      whys,
      plan: statusFolds.plan,
      changes,
      unread,
      evidence,
    }),
  }),
  timeline: z.strictObject({
    kind: z.literal('timeline'),
    ...ends,
    lines,
    long: z.boolean(),
    folds: folds({ timeline }),
  }),
  living: z.strictObject({
    kind: z.literal('living'),
    ...ends,
    reading: text,
    state: labelled,
    affected: line,
    changed: z.strictObject({ since: text, what: text }).nullable(),
    cause: labelled.nullable(),
    lead: text,
    trend: line,
    escalate: line,
    escalated: line,
    handoff: line,
    folded: line,
    next: line,
    checklist: z
      .strictObject({
        heading: text,
        tasks: z.array(z.strictObject({ ticked: z.boolean(), number: z.int(), what: text })),
      })
      .nullable(),
    folds: folds({
      states: drawn('states', { state: text, components: text }, {}).nullable(),
      trend: statusFolds.trend,
      criteria,
      schedule: items,
      commands,
      notes: fold('notes', { note: text }).nullable(),
      evidence,
    }),
  }),
  postmortem: z.strictObject({
    kind: z.literal('postmortem'),
    title: text,
    notices: lines,
    summary: lines,
    impact: lines,
    times: z.array(z.strictObject({ what: text, at: text, after: text, by: text, source: text })),
    well: lines,
    wrong: lines,
    asOf: text,
    long: z.boolean(),
    folds: folds({
      items,
      done: items,
      whys,
      alternatives,
      changes,
      contradictions,
      timeline,
      sources,
      evidence,
    }),
    footer: text,
  }),
  handoff: z.strictObject({
    kind: z.literal('handoff'),
    ...ends,
    lines,
    folds: folds({
      open: items,
      done: items,
      owners: items,
      shares: items,
      watch: criteria,
      components,
      changes,
      commands,
      contradictions,
      evidence,
    }),
  }),
  checkpoint: z.strictObject({
    kind: z.literal('checkpoint'),
    ...ends,
    state: text,
    stalled: line,
    handoff: line,
    criteria: line,
    escalations: z.array(z.strictObject({ whom: text, what: text })),
    next: line,
    folds: folds({ evidence }),
  }),
};

type Shown = { [Kind in keyof typeof kinds]: z.infer<(typeof kinds)[Kind]> };
type Wanted = { [Kind in Update['kind']]: View<Extract<Update, { kind: Kind }>> };
/** A field more or less than an update has, or a kind, is an error of the compiler. */
true satisfies Same<Shown, Wanted>;

/** The schema of the view model of each kind, by its name. */
export const viewModels: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(kinds).map(([kind, schema]) => [kind, schema.meta({ id: kind })]),
);

/** The kinds of update, each with a template of its name. */
export const updateKinds: readonly string[] = [...viewModels.keys()].sort();
