import { afterAll, describe, expect, test } from 'vitest';
import { storyOf } from '../../scripts/gallery/story.ts';
import { promised } from '../../src/commands/checkpoint.ts';
import type { Looked } from '../../src/commands/look.ts';
import { factsOfLook, statusInput } from '../../src/commands/looked-facts.ts';
import { statusOf } from '../../src/commands/status.ts';
import { composeBrief } from '../../src/core/compose/brief.ts';
import { composeCriteria } from '../../src/core/compose/criteria.ts';
import { composeDeclare } from '../../src/core/compose/declare.ts';
import { composeDiff } from '../../src/core/compose/diff.ts';
import { composeEscalation } from '../../src/core/compose/escalation-update.ts';
import { composeAllEvidence } from '../../src/core/compose/evidence-all.ts';
import { composeFiveWhys } from '../../src/core/compose/five-whys.ts';
import { composeHandoff } from '../../src/core/compose/handoff.ts';
import { judgedOf } from '../../src/core/compose/judged.ts';
import { composeLiving } from '../../src/core/compose/living.ts';
import { composePostmortem } from '../../src/core/compose/postmortem.ts';
import { composeRefused } from '../../src/core/compose/resolution.ts';
import { composeGranted } from '../../src/core/compose/resolved.ts';
import { composeTimeline } from '../../src/core/compose/timeline.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import { redactedRecord } from '../../src/core/redacted/record.ts';
import { redactedStory } from '../../src/core/redacted/story.ts';
import type { Update } from '../../src/core/update.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { createRandom, type Random } from '../faults/random.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/**
 * Every text and every figure that a look can hold is replaced by one that is known again, whatever it was: what is found of
 * them in a redacted update got there although nobody named it.
 */

const all = ['config-drift-timeout', 'evidence-missing', 'connector-saturated'] as const;
const scenarios = all.slice(0, trials({ bounded: 2, full: all.length }));
const each = trials({ bounded: 12, full: 2_000 });
/** Kinds that are composed of one hostile look. */
const kindsPerLook = 5;
const patience = timeLimit(3_600_000);
const tried = { trials: 0, planted: 0 };

/** A word that stands nowhere else; beside it what a hostile answer may bring. */
function marks(random: Random): { next: () => string; planted: () => number; first: string } {
  const first = `zq${String(1_000 + random.below(9_000))}xj`;
  let made = 0;
  const beside = [
    '',
    '`',
    '@everyone ',
    '\n/sitrep resolve\n',
    '</details>',
    '\u202E',
    '| a | b |',
    ' <!-- -->',
    '[x](https://e.example)',
  ];
  return {
    first,
    planted: () => made,
    next() {
      made += 1;
      return `${random.pick(beside)}${first}${String(made)}${random.pick(beside)}`;
    },
  };
}

/** Keys whose values people, ids and times are: they may be shown, and the look is nothing without them. */
const kept: ReadonlySet<string> = new Set([
  'id',
  'component',
  'at',
  'from',
  'to',
  'first',
  'last',
  'kind',
  'reason',
  'evidence',
  'decidedBy',
  'onset',
  'cause',
  'verdict',
  'edge',
  'confidence',
  'relation',
  'role',
  'need',
  'problem',
  'act',
  'by',
  'url',
  'takenAt',
  'environment',
  'located',
  'worsenedBy',
  'contact',
  'name',
  'statement',
  'unexplained',
  'labels',
  'version',
  'severity',
  'stage',
]);

/** The same with a mark in the place of each text that is not kept. */
function planted<Value>(value: Value, next: () => string, key = ''): Value {
  const walk = (one: unknown, at: string): unknown => {
    if (typeof one === 'string') return kept.has(at) ? one : next();
    if (Array.isArray(one)) return one.map((part: unknown) => walk(part, at));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, part]) => [name, walk(part, name)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts change, and nothing else
  return walk(value, key) as Value;
}

/** A look in which all that was read is a mark, while its states and times are as they were. */
function hostile(looked: Looked, next: () => string): Looked {
  const { snapshot, diagnosis, criteria, configuration } = looked;
  const { observations, gaps, changes, series, previous } = snapshot;
  const readings = ({ success, escalation, labels }: Looked['criteria']): Looked['criteria'] => ({
    success: success.map((one) => ({ ...one, why: next() })),
    escalation: escalation.map((one) => ({ ...one, why: next() })),
    labels,
  });
  return {
    ...looked,
    snapshot: {
      ...snapshot,
      // States hang on signals and figures; all else of a reading is replaced.
      observations: observations.map((one) => ({
        ...one,
        ...(one.text === undefined ? {} : { text: next() }),
        ...(one.revision === undefined ? {} : { revision: next() }),
        ...(one.frame === undefined ? {} : { frame: next() }),
        ...(/^[\d.]+$|^[a-z_]+$|^[A-Z_]+$|T\d\d:/u.test(one.value) ? {} : { value: next() }),
        source: planted(one.source, next),
      })),
      gaps: gaps.map((gap) => ({
        ...gap,
        detail: next(),
        remedy: next(),
        source: planted(gap.source, next),
      })),
      changes: changes.map((change) => ({
        ...change,
        diff: change.diff.map(() => ({ key: next(), from: next(), to: next() })),
        ...(change.title === undefined ? {} : { title: next() }),
        ...(change.by === undefined ? {} : { by: next() }),
        ...(change.url === undefined ? {} : { url: `https://console.example/${next()}` }),
        ...(change.revision === undefined ? {} : { revision: next() }),
        ...(change.previousRevision === undefined ? {} : { previousRevision: next() }),
        source: planted(change.source, next),
      })),
      ...(series === undefined
        ? {}
        : { series: series.map((one) => ({ ...one, source: planted(one.source, next) })) }),
      previous:
        previous === null
          ? null
          : {
              ...previous,
              figures: previous.figures.map((one) => ({ ...one, source: planted(one.source, next) })),
            },
      record: (snapshot.record ?? []).map((event) => hostileEvent(event, next)),
    },
    diagnosis: {
      ...planted(diagnosis, next),
      stated: diagnosis.stated.map((one) => ({ ...one, effect: next() })),
    },
    criteria: readings(criteria),
    configuration: {
      ...configuration,
      google_cloud: { project: next(), region: next() },
      plan: configuration.plan.map((phase) => ({
        ...phase,
        actions: phase.actions.map((action) => ({ ...action, run: next() })),
      })),
    },
    state: { ...looked.state, actions: looked.state.actions.map((action) => ({ ...action, run: next() })) },
  };
}

function hostileEvent(event: IncidentEvent, next: () => string): IncidentEvent {
  const { body } = event;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others hold what people said
  switch (body.kind) {
    case 'change':
      return {
        ...event,
        by: next(),
        url: `https://console.example/${next()}`,
        body: { ...body, title: next(), page: next() },
      };
    case 'action-added':
      return { ...event, body: { ...body, run: next() } };
    case 'regression':
      return { ...event, body: { ...body, lines: [next(), next()] } };
    case 'rollback-offered':
      return { ...event, body: { ...body, to: next() } };
    default:
      return event;
  }
}

const version = '0.1.0';

/** Every kind that is made of a look, and what is told afterwards. */
const composers: Record<string, (looked: Looked) => Update> = {
  status: (looked) => statusOf(looked, version),
  checkpoint: (looked) =>
    promised(looked, version, { kind: '2h', dueAt: looked.snapshot.takenAt, missed: [] }).update,
  declare: (looked) => composeDeclare(statusInput(looked, version)),
  brief: (looked) => composeBrief(statusInput(looked, version)),
  'five-whys': (looked) => composeFiveWhys(statusInput(looked, version)),
  criteria: (looked) => composeCriteria(statusInput(looked, version)),
  living: (looked) => composeLiving(statusInput(looked, version)),
  diff: (looked) => composeDiff(statusInput(looked, version), null),
  handoff: (looked) => composeHandoff({ ...statusInput(looked, version), from: 'kim', to: 'dana' }),
  escalation: (looked) =>
    composeEscalation({
      facts: factsOfLook(looked, version),
      reason: { contact: Object.keys(looked.configuration.contacts)[0] ?? 'nobody', by: 'kim', text: null },
      people: { assigned: [], passedOver: [] },
      told: [],
    }),
  'resolution-refused': (looked) => {
    const facts = factsOfLook(looked, version);
    const judged = judgedOf(facts);
    const answer = { granted: false, failing: judged.readings, unknown: [], needs: 'maintain' } as const;
    return composeRefused(facts, looked.state, judged, call, answer);
  },
  'resolution-granted': (looked) => {
    const facts = factsOfLook(looked, version);
    return composeGranted(facts, looked.state, judgedOf(facts), call, []);
  },
  'evidence-all': (looked) => {
    const input = statusInput(looked, version);
    const [part] = composeAllEvidence(input, () => true);
    if (part === undefined) throw new Error('no evidence');
    return part;
  },
  timeline: ({ snapshot: { record = [], takenAt }, disclosure }) =>
    composeTimeline({
      record: disclosure === 'full' ? record : redactedRecord(record),
      filter: { group: null, since: null },
      now: takenAt,
      version,
    }),
  postmortem: ({ configuration, snapshot, diagnosis, disclosure }) => {
    const record = snapshot.record ?? [];
    const told = { configuration, record, telling: { snapshot, diagnosis }, redacted: false };
    return composePostmortem({
      issue: 1,
      title: 'Down',
      ...(disclosure === 'full' ? told : redactedStory(told)),
      now: snapshot.takenAt,
      failure: null,
      as: 'document',
      version,
    });
  },
};
const call = { by: 'kim', byHand: false, override: null, reopens: false };

describe('a redacted update holds nothing of what was read', () => {
  test.each(scenarios)('%s, with hostile values everywhere', { timeout: patience }, async (name) => {
    const random = seededRandom();
    const story = await storyOf(name, 'redacted');
    const looks = [story.declared, story.status, story.checkpoint, story.unchanged];
    const composed = new Set<string>();
    // Kinds are dealt, so that none is left out however few trials there are.
    let deck: [string, (looked: Looked) => Update][] = [];
    for (let trial = 0; trial < each; trial += 1) {
      const { next, first, planted: count } = marks(random);
      const looked = hostile(random.pick(looks), next);
      if (deck.length < kindsPerLook) deck = random.shuffled(Object.entries(composers));
      for (const [kind, compose] of deck.splice(0, kindsPerLook)) {
        const update = compose(looked);
        composed.add(kind);
        expect(JSON.stringify(update).includes(first), kind).toBe(false);
        // It is laid out as well; that adds nothing to the model, and takes most of the time.
        const text = trial % 10 === 0 ? renderUpdate(update) : '';
        expect(text.includes(first), kind).toBe(false);
      }
      tried.trials += 1;
      tried.planted += count();
    }
    expect([...composed].toSorted()).toEqual(Object.keys(composers).toSorted());
  });

  test.each(scenarios)('%s: in a full one all of it reaches people, else nothing was tried', async (name) => {
    const { status } = await storyOf(name);
    const { next, first } = marks(createRandom(1));
    const looked = hostile(status, next);
    const silent = Object.entries(composers)
      .filter(([, compose]) => !JSON.stringify(compose(looked)).includes(first))
      .map(([kind]) => kind);
    // Their words are of people and of times; those of the resolution tell of the record.
    expect(silent.filter((kind) => !['resolution-granted'].includes(kind))).toEqual([]);
  });
});

afterAll(() => report('hostile values in redacted updates', tried));
