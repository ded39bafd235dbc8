import { z } from 'zod';
import type { StatusFolds } from '../update.ts';
import { drawn, fence, fold, foldWith, text, type Same, type View } from './leaves.ts';

/** Folded parts as templates see them; those of a status, which other kinds have a few of. */

const commandRow = { title: text, run: fence };
const criterionRow = { mark: text, title: text, state: text };
const itemRow = { text };
export const items = fold('items', itemRow);
const errorRow = { place: text, what: text, remedy: text };
export const evidenceRow = {
  id: text,
  component: text,
  signal: text,
  value: text,
  window: text,
  source: text,
  read: text,
  cited: z.boolean(),
};
export const gapRow = { id: text, what: text, reason: text, remedy: text };
export const changeRow = { at: text, component: text, what: text, bearing: text, evidence: text };
export const sourceRow = { evidence: text, query: text, console: text.nullable(), run: fence };
export const escalationRow = { rule: text, due: text, state: text };
const contradictions = fold('contradictions', { about: text, sides: text });

export const statusFolds = {
  configuration: fold('configuration', errorRow).nullable(),
  commands: fold('commands', commandRow).nullable(),
  components: drawn('components', { name: text, state: text, figures: text, evidence: text }, {}).nullable(),
  journeys: fold('journeys', { title: text, state: text, steps: text }).nullable(),
  whys: drawn(
    'whys',
    { number: z.int(), question: text, answer: text, standing: text },
    { end: text, stated: z.array(text) },
  ).nullable(),
  alternatives: fold('alternatives', { hypothesis: text, verdict: text, why: text }).nullable(),
  regression: items.nullable(),
  criteria: fold('criteria', criterionRow).nullable(),
  plan: fold('plan', { phase: text.nullable(), action: text, run: fence.nullable() }).nullable(),
  schedule: items.nullable(),
  escalation: foldWith('escalation', escalationRow, {
    contacts: z.array(z.strictObject({ name: text, role: text, reach: text })),
  }).nullable(),
  changes: fold('changes', changeRow).nullable(),
  values: items.nullable(),
  contradictions: contradictions.nullable(),
  differences: contradictions.nullable(),
  names: fold('names', { component: text, what: text }).nullable(),
  linked: items.nullable(),
  unread: fold('unread', gapRow).nullable(),
  trend: drawn(
    'trend',
    { what: text, chart: text, highest: text, last: text, evidence: text },
    {},
  ).nullable(),
  figures: fold('figures', {
    component: text,
    what: text,
    now: text,
    before: text,
    evidence: text,
  }).nullable(),
  settings: fold('settings', { component: text, settings: text, evidence: text }).nullable(),
  excerpts: fold('excerpts', { title: text, excerpt: fence }).nullable(),
  prevention: fold('prevention', { measure: text }).nullable(),
  sources: fold('sources', sourceRow).nullable(),
  evidence: fold('evidence', evidenceRow).nullable(),
};

const whole = z.strictObject(statusFolds);
/** A field more or less than the update has is an error of the compiler. */
true satisfies Same<z.infer<typeof whole>, View<StatusFolds>>;
