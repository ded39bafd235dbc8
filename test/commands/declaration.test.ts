import { noStandings } from '../../src/core/criteria/standing.ts';
import { describe, expect, test } from 'vitest';
import { declaration, missedDeclaration } from '../../src/commands/declaration.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { stateOf } from '../../src/core/incident/state.ts';
import type { Invocation } from '../../src/core/invocation.ts';

const at = '2025-09-15T17:15:00.000Z';
const configuration = repositorySchema.parse({
  version: 1,
  plan: [
    {
      phase: 'Look',
      window: '0h-1h',
      actions: [{ title: 'Read the log', run: 'tail log' }, { title: 'Ask' }],
    },
    { phase: 'Mend', window: '1h – 90m', actions: [{ title: 'Mend it' }] },
    { phase: 'Learn', window: 'afterwards', actions: [{ title: 'Write it down' }] },
    { phase: 'Rest', actions: [{ title: 'Sleep' }] },
  ],
});

function invocation(issue: Partial<Invocation['issue']> = {}): Invocation {
  return {
    id: 'delivery',
    installationId: 41,
    repository: { id: 9, owner: 'acme', name: 'shop', private: true },
    issue: {
      number: 12,
      title: 'Chat is down',
      url: 'https://github.example/acme/shop/issues/12',
      labels: ['incident', 'P1'],
      openedAt: '2025-09-15T17:00:00.000Z',
      comments: 0,
      closed: false,
      ...issue,
    },
    actor: 'carol',
    receivedAt: at,
    comment: null,
  };
}

const byLabel = { via: 'label', at, severity: null } as const;
const declare = (state = stateOf([])) => declaration(invocation(), configuration, state, byLabel);
const recorded = (...lists: ReturnType<typeof declare>[]) =>
  lists.flat().map((event) => ({ ...event, recordedAt: at }));
const stoodDown = {
  key: 'x',
  at,
  by: 'bob',
  url: null,
  body: { kind: 'stood-down', why: 'label' },
  recordedAt: at,
} as const;

describe('a declaration', () => {
  test('has the severity of the labels, and puts the plan on the checklist', () => {
    const { severity, declared, actions } = stateOf(recorded(declare()));
    expect({ severity, declared }).toEqual({ severity: 'P1', declared: { by: 'carol', at, via: 'label' } });
    expect(actions.map(({ number, title, phase, dueAt, run }) => [number, title, phase, dueAt, run])).toEqual(
      [
        [1, 'Read the log', 'Look', '2025-09-15T18:15:00.000Z', 'tail log'],
        [2, 'Ask', 'Look', '2025-09-15T18:15:00.000Z', null],
        [3, 'Mend it', 'Mend', '2025-09-15T18:45:00.000Z', null],
        [4, 'Write it down', 'Learn', null, null],
        [5, 'Sleep', 'Rest', null, null],
      ],
    );
    expect(actions.every(({ planned, owner, by }) => planned && owner === null && by === 'sitrep')).toBe(
      true,
    );
  });

  test('is none where it was declared before', () => {
    expect(declare(stateOf(recorded(declare())))).toEqual([]);
  });

  test('of what was stood down adds no second plan, and keeps when it was declared first', () => {
    const record = [...recorded(declare()), stoodDown];
    const again = declaration(invocation({ labels: [] }), configuration, stateOf(record), {
      via: 'command',
      at: '2025-09-15T19:00:00.000Z',
      severity: 'P0',
    });
    expect(again.map(({ key }) => key)).toEqual(['declared again 2025-09-15T19:00:00.000Z']);
    const { declared, severity, watched, actions } = stateOf([...record, ...recorded(again)]);
    expect({ declared, severity, watched }).toEqual({
      declared: { by: 'carol', at, via: 'command' },
      severity: 'P0',
      watched: true,
    });
    expect(actions).toHaveLength(5);
  });
});

describe('a declaration that was missed', () => {
  const missed = (record: ReturnType<typeof recorded>, issue: Partial<Invocation['issue']> = {}) =>
    missedDeclaration(invocation(issue), {
      configuration: { kind: 'usable', configuration, errors: [] },
      recollection: { incident: null, record, state: stateOf(record), standing: noStandings, update: null },
    }).map(({ key, at: when }) => [key, when]);

  test.each([
    ['counts from the opening of the issue', [], {}, ['declared', '2025-09-15T17:00:00.000Z']],
    [
      'of what was stood down counts from now',
      [...recorded(declare()), stoodDown],
      {},
      [`declared again ${at}`, at],
    ],
    ['is none without a label', [], { labels: ['P1'] }, undefined],
    ['is none of a closed issue', [], { closed: true }, undefined],
    ['is none of what was declared', recorded(declare()), {}, undefined],
  ])('%s', (_what, record, issue, first) => {
    expect(missed(record, issue)[0]).toEqual(first);
  });
});
