import { describe, expect, test } from 'vitest';
import { assess } from '../../src/commands/assess.ts';
import { commands } from '../../src/commands/list.ts';
import { composeBrief } from '../../src/core/compose/brief.ts';
import { composeConfigurationErrors } from '../../src/core/compose/configuration-errors.ts';
import { composeCriteria } from '../../src/core/compose/criteria.ts';
import { composeDiff } from '../../src/core/compose/diff.ts';
import { composeAllEvidence } from '../../src/core/compose/evidence-all.ts';
import { composeEvidence } from '../../src/core/compose/evidence.ts';
import { composeFiveWhys } from '../../src/core/compose/five-whys.ts';
import { composeDeclare } from '../../src/core/compose/declare.ts';
import {
  composeEscalatedLately,
  composeEscalation,
  composeUnknownRule,
} from '../../src/core/compose/escalation-update.ts';
import { factsOf } from '../../src/core/compose/facts.ts';
import { composeHelp } from '../../src/core/compose/help.ts';
import { composeMissingRole } from '../../src/core/compose/refusal.ts';
import { composeHandoff } from '../../src/core/compose/handoff.ts';
import { composePostmortem, type PostmortemInput } from '../../src/core/compose/postmortem.ts';
import { templateLine } from '../../src/core/compose/template-line.ts';
import { composeTimeline } from '../../src/core/compose/timeline.ts';
import { composeStatus, type StatusInput } from '../../src/core/compose.ts';
import { composeLiving } from '../../src/core/compose/living.ts';
import { composeUnchanged } from '../../src/core/compose/unchanged.ts';
import type { EventBody, IncidentEvent } from '../../src/core/incident/events.ts';
import { asPrevious } from '../../src/core/previous.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { readCriteria } from '../../src/core/criteria.ts';
import { withSeries, type SampledFigure } from '../../src/core/samples.ts';
import { configuration, incident } from '../fixtures/status/incident.ts';
import { event, openRecord, wholeRecord } from '../fixtures/record.ts';
import { playScenario } from '../scenarios/play.ts';
import { fiveUpdates } from '../core/contradictions-families.fixture.ts';
import { evidenceNamed, unsourcedFigures } from './provenance.ts';

const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value !== null && typeof value === 'object'
      ? Object.values(value).flatMap(textsOf)
      : [];
const version = '0.1.0';
/** The longest first: a short one may stand in a long one. The last are points of the checklist with their numbers. */
const configured = [
  ...textsOf(configuration)
    .filter((text) => text.length > 3)
    .toSorted((a, b) => b.length - a.length),
  '1 Shift traffic',
  '2 Call them',
];

/** The fixture's snapshot with a sample of each minute of the last hour, which its criteria are read from anew. */
function sampled(): StatusInput {
  const { snapshot } = incident;
  const samples = Array.from({ length: 60 }, (_, place) => ({
    at: new Date(Date.parse(snapshot.takenAt) - (60 - place) * 60_000).toISOString(),
    pauseS: 60,
    figures: [
      ['api', 'status', null, place < 30 ? 503 : 200],
      ['api', 'latency', 's', 4.3],
      ['backend', 'requests.recent', null, 12],
      ['backend', 'requests.5xx.recent', null, place < 30 ? 9 : 0],
    ] satisfies SampledFigure[],
  }));
  const input = { ...incident, snapshot: withSeries(snapshot, samples, 1_000) };
  return { ...input, criteria: readCriteria(input) };
}

const status = (changed: Partial<StatusInput> = {}): string =>
  renderUpdate(composeStatus({ ...incident, ...changed }));

function withImpact(text: string): StatusInput {
  const { takenAt } = incident.snapshot;
  const url = 'https://github.com/netra-systems/netra/issues/1278#issuecomment-3000009';
  const said = { key: 'a', at: takenAt, by: 'kim', url, recordedAt: takenAt };
  const record = [{ ...said, body: { kind: 'impact' as const, text } }];
  return { ...incident, snapshot: { ...incident.snapshot, record } };
}

/** In several parts, as where there is more than fits. */
function allEvidence(): string {
  return composeAllEvidence(incident, (part) => renderUpdate(part).length < 8_000)
    .map((part) => renderUpdate(part))
    .join('\n');
}

function everyPiece(): string {
  const { snapshot } = sampled();
  const { observations, gaps, changes, series = [] } = snapshot;
  return [...observations, ...gaps, ...changes, ...series]
    .map(({ id }) => composeEvidence({ id, snapshot, url: null, version }))
    .map((update) => (update === null ? '' : renderUpdate(update)))
    .join('\n');
}

/** An escalation of the fixture: by its first rule, or for somebody who asked. */
function escalation(byRule: boolean): string {
  const [rule] = configuration.escalation;
  const [reading] = incident.criteria.escalation;
  if (rule === undefined || reading === undefined) throw new Error('the fixture has no rule');
  return renderUpdate(
    composeEscalation({
      facts: factsOf(incident),
      reason: byRule ? { rule, reading } : { contact: 'infra', by: 'kim', text: 'nothing helps' },
      people: { assigned: ['alice'], passedOver: ['zoe'] },
      told: byRule ? [] : ['Slack'],
    }),
  );
}

function unknownRule(): string {
  const [rule] = configuration.escalation;
  const [reading] = incident.criteria.escalation;
  if (rule === undefined || reading === undefined) throw new Error('the fixture has no rule');
  return renderUpdate(
    composeUnknownRule(factsOf(incident), { rule, reading, clock: incident.snapshot.takenAt }),
  );
}

const postmortem: PostmortemInput = {
  issue: 1278,
  title: 'Staging login and chat down',
  configuration,
  record: wholeRecord,
  telling: { snapshot: incident.snapshot, diagnosis: incident.diagnosis },
  now: '2025-09-16T09:00:00Z',
  failure: null,
  as: 'comment',
  version,
};

const recorded = (at: string, body: EventBody): IncidentEvent => ({
  key: `${body.kind} ${at}`,
  at,
  by: 'alice',
  url: 'https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-1',
  recordedAt: at,
  body,
});

const action = { phase: 'Restoration', run: 'gcloud run services list', planned: false };
/** All that a record can hold of what the living comment shows. */
const record: IncidentEvent[] = [
  recorded('2025-09-15T17:15:00.000Z', { kind: 'declared', severity: 'P0', via: 'label' }),
  recorded('2025-09-15T17:16:00.000Z', { kind: 'acknowledged' }),
  recorded('2025-09-15T17:17:00.000Z', { kind: 'impact', text: '40 customers cannot log in' }),
  recorded('2025-09-15T17:18:00.000Z', { kind: 'note', text: 'restarted 3 instances' }),
  recorded('2025-09-15T17:19:00.000Z', {
    kind: 'action-added',
    title: 'Shift traffic',
    owner: 'dana',
    dueAt: '2025-09-15T17:30:00.000Z',
    ...action,
  }),
  recorded('2025-09-15T17:20:00.000Z', {
    kind: 'action-added',
    title: 'Call them',
    owner: null,
    dueAt: null,
    ...action,
  }),
  recorded('2025-09-15T17:21:00.000Z', { kind: 'action-done', number: 2 }),
  recorded('2025-09-15T17:22:00.000Z', {
    kind: 'regression',
    of: 1263,
    score: 0.9,
    lines: [],
    components: [],
    raisedFrom: null,
    raised: false,
  }),
  recorded('2025-09-15T17:23:00.000Z', { kind: 'handoff', to: 'kim' }),
  recorded('2025-09-15T17:24:00.000Z', {
    kind: 'escalated',
    rule: null,
    contact: 'google-support',
    reason: null,
    paged: false,
  }),
  recorded('2025-09-15T17:25:00.000Z', { kind: 'folded', update: 'change' }),
];
const onRecord = {
  ...incident,
  snapshot: { ...incident.snapshot, record },
  nextCheckpoint: { board: '2025-09-15T18:15:12Z', comment: '2025-09-15T19:15:00Z' },
};
const resolved: IncidentEvent = recorded('2025-09-15T18:00:00.000Z', {
  kind: 'resolved',
  override: null,
  overridden: [],
  byHand: false,
  held: [],
  passed: [],
});

/** The fixture at a checkpoint, with an update before it that read the same. */
function checkpointUnchanged(): string {
  const { snapshot, diagnosis } = incident;
  const takenAt = '2025-09-15T17:35:00Z';
  const previous = asPrevious(configuration, { ...snapshot, takenAt, previous: null }, diagnosis, null);
  const update = composeUnchanged({
    ...onRecord,
    snapshot: { ...onRecord.snapshot, previous },
    checkpoint: { kind: '2h', dueAt: snapshot.takenAt, missed: [] },
  });
  if (update === null) throw new Error('something changed');
  return renderUpdate(update);
}

describe('every figure of an update has a source', () => {
  test.each([
    ['living', renderUpdate(composeLiving(onRecord))],
    [
      'living, resolved',
      renderUpdate(
        composeLiving({
          ...onRecord,
          snapshot: { ...onRecord.snapshot, record: [...record, resolved] },
        }),
      ),
    ],
    ['checkpoint without a change', checkpointUnchanged()],
    ['status', status()],
    ['checkpoint', status({ checkpoint: { kind: '2h', dueAt: incident.snapshot.takenAt, missed: [] } })],
    [
      'checkpoint that is late',
      status({
        checkpoint: {
          kind: '12h',
          dueAt: '2025-09-14T23:11:00Z',
          missed: ['30m', '1h', '4h', '8h', '10h'],
        },
      }),
    ],
    [
      'status without an incident',
      status({ snapshot: { ...incident.snapshot, incident: null, previous: null } }),
    ],
    [
      'status with nothing read',
      status({ snapshot: { ...incident.snapshot, observations: [], changes: [] } }),
    ],
    ['status with samples', status(sampled())],
    [
      'status whose own template failed',
      renderUpdate(
        composeStatus(incident),
        undefined,
        templateLine({
          code: 'template-syntax',
          file: 'status2.hbs',
          message: 'does not parse: `{{/if}} 3` is not expected here',
          line: 3,
          column: 14,
          remedy: '',
        }),
      ),
    ],
    ['brief', renderUpdate(composeBrief(incident))],
    ['brief with a stated impact', renderUpdate(composeBrief(withImpact('200 users in 3 countries')))],
    ['five whys', renderUpdate(composeFiveWhys(incident))],
    ['criteria', renderUpdate(composeCriteria(incident))],
    ['diff', renderUpdate(composeDiff(incident, null))],
    ['all evidence', allEvidence()],
    ['each piece of evidence', everyPiece()],
    ['help', renderUpdate(composeHelp({ commands, held: 'triage', version }))],
    [
      'timeline',
      renderUpdate(
        composeTimeline({
          record: wholeRecord,
          filter: { group: null, since: null },
          now: '2025-09-16T00:31:00Z',
          version,
        }),
      ),
    ],
    ['escalation by a rule', escalation(true)],
    ['escalation that somebody asked for', escalation(false)],
    ['a rule that cannot be told', unknownRule()],
    [
      'an escalation again',
      renderUpdate(
        composeEscalatedLately({
          name: 'Infra',
          at: incident.snapshot.takenAt,
          now: incident.snapshot.takenAt,
          told: [],
          version,
        }),
      ),
    ],
    ['declaration', renderUpdate(composeDeclare(incident))],
    ['postmortem', renderUpdate(composePostmortem(postmortem))],
    ['draft of a postmortem', renderUpdate(composePostmortem({ ...postmortem, record: openRecord }))],
    [
      'postmortem where nothing was read',
      renderUpdate(composePostmortem({ ...postmortem, telling: null, failure: 'GitHub answered 403' })),
    ],
    [
      'handoff',
      renderUpdate(
        composeHandoff({
          ...incident,
          snapshot: { ...incident.snapshot, record: [...openRecord] },
          from: 'alice',
          to: 'bob',
        }),
      ),
    ],
    [
      'status with an open handoff',
      status({
        snapshot: {
          ...incident.snapshot,
          record: [...openRecord, event('18:00', { kind: 'handoff', to: 'bob' }, { by: 'alice' })],
        },
      }),
    ],
    [
      'refusal',
      renderUpdate(
        composeMissingRole({
          usage: '/status',
          needed: 'triage',
          held: 'none',
          insteadOf: null,
          actor: 'kim',
          version,
        }),
      ),
    ],
    [
      'configuration errors',
      renderUpdate(
        composeConfigurationErrors({
          errors: [{ line: 3, column: 1, message: 'unknown key', remedy: 'remove it' }],
          version,
        }),
      ),
    ],
    [
      'configuration errors at a checkpoint',
      renderUpdate(
        composeConfigurationErrors({
          errors: [{ line: 3, column: 1, message: 'unknown key', remedy: 'remove it' }],
          version,
          checkpoint: { kind: '90m' },
        }),
      ),
    ],
  ])('%s', (_kind, markdown) => {
    expect(unsourcedFigures(markdown, configured)).toEqual([]);
  });

  test.each([
    ['connector-saturated', 0],
    ['connector-saturated', 60],
    ['crash-on-start', 0],
    ['healthy', 0],
  ])('of the scenario %s after %i minutes, as it is collected and diagnosed', async (name, minutes) => {
    const played = await playScenario(name, minutes);
    const snapshot = { ...played.snapshot, incident: incident.snapshot.incident ?? null };
    const { update } = assess(played.configuration, snapshot, [], version, {
      plan: played.configuration.checkpoints,
    });
    const markdown = renderUpdate(update);
    const texts = textsOf(played.configuration).filter((text) => text.length > 3);
    expect(unsourcedFigures(markdown, texts)).toEqual([]);
    const known = new Set(
      [...snapshot.observations, ...snapshot.gaps, ...snapshot.changes].map(({ id }) => id),
    );
    expect([...evidenceNamed(markdown)].filter((id) => !known.has(id))).toEqual([]);
  });

  test('of people who contradict each other, what is measured and the update before', async () => {
    const played = await playScenario('connector-saturated');
    const timeout = played.snapshot.observations.filter(
      ({ signal, value }) => signal === 'env.DATABASE_TIMEOUT' && value === '15.0',
    );
    const previous = {
      takenAt: '2025-09-15T17:35:00Z',
      url: 'https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-9',
      states: {},
      figures: timeout.map((one) => ({ ...one, id: 'E9001', value: '75.0' })),
      root: null,
    };
    const told = {
      ...played.snapshot,
      previous,
      statements: fiveUpdates,
      incident: incident.snapshot.incident ?? null,
    };
    const { update } = assess(played.configuration, told, [], version, {
      plan: played.configuration.checkpoints,
    });
    const markdown = renderUpdate(update);
    expect(
      unsourcedFigures(
        markdown,
        textsOf(played.configuration).filter((text) => text.length > 3),
      ),
    ).toEqual([]);
    const lines = markdown.split('\n');
    expect(lines.find((line) => line.includes('in the [update of'))).toMatch(
      /`75\.0 of \S+` in the \[update of 17:35\]\(\S+\) \(E9001\) ≠ `15\.0 of \S+` measured \(E\d+\)$/,
    );
    expect(lines.find((line) => line.startsWith('- `db` `name`'))).toMatch(
      /measured \(E\d+\); `netra-staging-db` \(stated, \[ben at 17:50\]\(\S+\), \[cleo at 17:55\]\(\S+\)\); `staging-shared-postgres` \(stated, \[dora/,
    );
    expect(markdown).toContain('Figures that differ without contradicting: 2');
  });

  test('a status with samples draws them, and names only series that it holds', () => {
    const input = sampled();
    const markdown = status(input);
    expect(markdown).toContain('Trend of the last hour: improving');
    expect(markdown).toMatch(/\| 5xx share \| `█{15}▁{15}` \| 75 % \| 0 % \| E1002, E1003 \|/u);
    const series = (input.snapshot.series ?? []).map(({ id }) => id);
    const named = [...evidenceNamed(markdown)].filter((id) => Number(id.slice(1)) >= 1_000);
    expect(named.toSorted()).toEqual(series.toSorted());
  });

  test('what is drawn of a status stands in words below, and without those words the walk says so', () => {
    const markdown = status(sampled());
    expect(markdown.match(/^```mermaid$/gm)).toHaveLength(4);
    const caption = /^Since the declaration, .*$/m.exec(markdown)?.[0] ?? '';
    expect(caption).toMatch(
      /^Since the declaration, 17:15 to 18:05 UTC, the highest of each 2 min\. \*\*5xx share\*\* highest 75 % at 17:15, last 0 % at 18:04 \(E1002, E1003\); \*\*slowest endpoint\*\* highest 4\.3 s/,
    );
    expect(unsourcedFigures(markdown.replace(caption, ''), configured)).toContain(
      'drawn only: 17:15 (17:15)',
    );
  });

  test('the evidence that a status names is in its snapshot, or in the update before', () => {
    const { observations, gaps, changes, previous } = incident.snapshot;
    const known = new Set(
      [...observations, ...gaps, ...changes, ...(previous?.figures ?? [])].map(({ id }) => id),
    );
    expect([...evidenceNamed(status())].filter((id) => !known.has(id))).toEqual([]);
  });
});

const picture = (...lines: string[]): string =>
  ['```mermaid', '%%{init: {}}%%', lines[0], ...lines.slice(1).map((line) => ` ${line}`), '```'].join('\n');
const fold = (...parts: string[]): string =>
  `<details><summary>More</summary>\n\n${parts.join('\n\n')}\n\n</details>\n\n`;

describe('the walk finds a figure that has none', () => {
  test.each([
    [
      'a line above the fold',
      '### 🔴 P0: 451 errors in the last hour',
      ['🔴 P0: 451 errors in the last hour'],
    ],
    [
      'the rest of a line, after its evidence',
      '`auth` 5xx 21/22 (E63); availability 0 %',
      ['; availability 0 %'],
    ],
    [
      'a sentence before the evidence',
      'Availability is 0 percent. `auth` 5xx 21/22 (E63)',
      ['Availability is 0 percent.'],
    ],
    ['a time of an event', '**Cause:** full since 17:07', ['Cause: full since 17:07']],
    ['a table row', '| A | B |\n| - | - |\n| `auth` | 39 restarts |', ['`…` | 39 restarts']],
    ['a list item', '- pool of 50 connections', ['pool of 50 connections']],
    ['a number in a code span', 'timeout is `75.0 s`', ['timeout is 75.0 s']],
    [
      'a picture, in whose fold it does not stand',
      fold(picture('flowchart LR', 'n0["auth 39 exits"]'), '30 exits (E1)'),
      ['drawn only: 39 (auth 39 exits)'],
    ],
    [
      'a picture, while it stands in another fold',
      fold(picture('flowchart LR', 'n0["39"]'), 'nothing') + fold('39 exits (E1)'),
      ['drawn only: 39 (39)'],
    ],
    [
      'the highest column of a chart',
      fold(picture('xychart-beta', 'x-axis ["a", "b"]', 'bar [12, 75]'), 'highest 12 % (E1)'),
      ['drawn only: 75 (the highest column)'],
    ],
    [
      'a time of a chart',
      fold(picture('xychart-beta', 'x-axis ["17#58;15", "b"]', 'bar [12, 7]'), 'highest 12 % (E1)'),
      ['drawn only: 17:15 (17:15)'],
    ],
    [
      'a row of a schedule, and when it is',
      picture('gantt', '17h09 began :milestone, 2025-09-15 17:10, 0m') + '\n\n| A |\n| - |\n| 17:08 (E1) |\n',
      ['drawn only: 17:09 (17h09 began)', 'drawn only: 17:10 (17h09 began)'],
    ],
    [
      'the number of a why that is not in the list',
      fold(picture('flowchart TD', 'n0["2#46; auth fails"]'), '1. **Why?** because (E1)'),
      ['drawn only: 2 (2. auth fails)'],
    ],
    [
      'an excerpt without evidence',
      'seen often\n\n```text\ntimeout (15s)\n```',
      ['seen often\ntimeout (15s)'],
    ],
  ])('in %s', (_where, markdown, found) => {
    expect(unsourcedFigures(markdown)).toEqual(found);
  });

  test.each([
    ['cited', '`auth` 5xx 21/22 (E63, E64)'],
    ['stated', '“$500K+ ARR offline” (stated, sitrep.yml)'],
    ['an identifier', 'deploy `00750-69k` of `netra-systems`'],
    ['a range of evidence', '39 exits (E3–E7)'],
    ['in a picture and beside it', fold(picture('flowchart LR', 'n0["auth 39 exits"]'), '39 exits (E1)')],
    ['a column and beside it', fold(picture('xychart-beta', 'bar [0, -75, 75]'), 'highest 75 % (E1)')],
    ['a share below 1 %', fold(picture('xychart-beta', 'bar [0.4]'), 'highest under 1 % (E1)')],
    [
      'a time in both',
      picture('gantt', '17h09 x :milestone, 2025-09-15 17:09, 0m') + '\n\n- began 17:09 (E1)\n',
    ],
    [
      'the number of a why',
      fold(picture('flowchart TD', 'n0["1#46; auth fails"]'), '1. **Why?** because (E1)'),
    ],
  ])('and lets pass one that is %s', (_what, markdown) => {
    expect(unsourcedFigures(markdown)).toEqual([]);
  });

  test('without the evidence of its lines, a status fails', () => {
    const bare = status().replaceAll(/ \(E[^)]*\)/g, '');
    expect(unsourcedFigures(bare, configured).length).toBeGreaterThan(10);
  });
});
