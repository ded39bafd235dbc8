import { describe, expect, test } from 'vitest';
import type { Looked } from '../../src/commands/look.ts';
import { resolving, type Asked } from '../../src/commands/resolving.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import { stateOf } from '../../src/core/incident/state.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { configuration, incident } from '../fixtures/status/incident.ts';
import { happened, recordOf } from '../core/incident/record.fixture.ts';
import { unsourcedFigures } from '../templates/provenance.ts';

/** What the gate says of a look, as text and as events: pure, over the fixture of a status. */

type Result = 'met' | 'failed' | 'unknown';

const later: IncidentEvent[] = [
  happened('17:07', 'sitrep', { kind: 'began', evidence: ['E3'] }),
  happened('17:21', 'dana', { kind: 'acknowledged' }),
  happened('17:22', 'dana', { kind: 'lead', lead: 'dana' }),
  happened('17:50', 'dana', { kind: 'stage', stage: 'monitoring' }),
];

/** A look in which the first criteria come to these results, and all others are met. */
function looked(results: Result[]): Looked {
  const { record } = recordOf(...later);
  const { criteria, snapshot, diagnosis } = incident;
  return {
    disclosure: 'full',
    configuration,
    configurationErrors: [],
    snapshot: { ...snapshot, record },
    diagnosis,
    criteria: {
      ...criteria,
      labels: [],
      success: criteria.success.map((reading, place) => ({ ...reading, result: results[place] ?? 'met' })),
    },
    state: stateOf(record),
    plan: [],
    boardAt: null,
    earlier: [],
  };
}

function asked(who: Partial<Asked>): Asked {
  const role = { role: 'write', isLead: false, override: null } as const;
  return { id: 'posting', version: '0.1.0', by: 'kim', byHand: false, ...role, ...who };
}

const why = 'chat was tested by hand';

describe('who may override what', () => {
  test.each<[results: Result[], who: Partial<Asked>, kind: string]>([
    [['unknown'], { isLead: true, override: why, by: 'dana' }, 'resolved'],
    [['failed'], { isLead: true, override: why, by: 'dana' }, 'resolve-refused'],
    [['unknown'], { override: why }, 'resolve-refused'],
    [['failed', 'unknown'], { role: 'maintain', override: why }, 'resolved'],
    [['failed'], { role: 'admin' }, 'resolve-refused'],
    [[], {}, 'resolved'],
  ])('%j, asked by %o: %s', (results, who, kind) => {
    expect(resolving(looked(results), asked(who)).events[0]?.kind).toBe(kind);
  });

  test('the record says what was overridden and why, what held, and that it is no override where nothing blocks', () => {
    const [first] = resolving(looked(['failed']), asked({ role: 'maintain', override: why })).events;
    const [title] = configuration.success_criteria.map((criterion) => criterion.title);
    const held = configuration.success_criteria.slice(1).map(({ id }) => id);
    expect(first).toMatchObject({ kind: 'resolved', override: why, overridden: [title], held });
    const [plainly] = resolving(looked([]), asked({ role: 'maintain', override: why })).events;
    expect(plainly).toMatchObject({ kind: 'resolved', override: null, overridden: [] });
  });
});

describe('what is said', () => {
  const texts: [what: string, results: Result[], who: Partial<Asked>][] = [
    ['refused', ['failed', 'unknown'], {}],
    ['refused by hand', ['failed'], { byHand: true }],
    ['granted', [], {}],
    ['granted over what fails', ['failed', 'unknown'], { role: 'maintain', override: why }],
  ];
  const words = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : value !== null && typeof value === 'object'
        ? Object.values(value).flatMap(words)
        : [];
  const titles = incident.criteria.success.map(({ title }) => title);
  const configured = [...titles, ...words(configuration)].filter((text) => text.length > 3);

  test.each(texts)(
    '%s: every figure has a source, and at most 14 lines are above the fold',
    (_what, results, who) => {
      const [said] = resolving(looked(results), asked(who)).said;
      const markdown = said === undefined ? '' : renderUpdate(said.update);
      expect(unsourcedFigures(markdown, configured)).toEqual([]);
      const above = markdown.split('<details>')[0]?.trim().split('\n') ?? [];
      expect(above.length).toBeLessThanOrEqual(14);
    },
  );

  test('the times of a resolution say whose word they are', () => {
    const [said] = resolving(looked([]), asked({})).said;
    const markdown = said === undefined ? '' : renderUpdate(said.update);
    expect(markdown.split('\n').find((line) => line.startsWith('**Times:**'))).toBe(
      '**Times:** began 17:07 (E3) → declared 17:15, 8 min to detect (recorded, @alice) → acknowledged 17:21, 6 min to acknowledge (recorded, @dana) → mitigated 17:50, 35 min to mitigate (recorded, @dana) → resolved 18:05, 50 min to resolve (recorded, @kim)',
    );
  });
});
