import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import { configurationOfGraph, snapshotOfGraph } from './service-graph.fixture.ts';
import type { CallGraph } from './service-graph.fixture.ts';

function diagnosed(graph: CallGraph, more: Record<string, unknown> = {}): Diagnosis {
  return diagnose(configurationOfGraph(graph, more), snapshotOfGraph(graph));
}

/** Where the walk ends and how well that is proven: `db probable`. */
function place({ root: { component, located } }: Diagnosis): string {
  return `${component} ${located ?? 'not located'}`;
}

const slow = [100, 400] as const;

describe('where a walk through services ends', () => {
  test.each<[string, string, CallGraph]>([
    [
      'a chain: the last that is slower',
      'db probable',
      {
        web: { calls: ['cart'], latency: slow },
        cart: { calls: ['db'], latency: slow },
        db: { latency: [50, 350] },
      },
    ],
    [
      'a chain in order, the last first: confirmed',
      'db confirmed',
      {
        web: { calls: ['db'], latency: slow, since: '17:30' },
        db: { latency: [50, 350], since: '17:28' },
      },
    ],
    [
      'a dependency that was slower only later is not the cause',
      'web probable',
      {
        web: { calls: ['db'], latency: slow, since: '17:30' },
        db: { latency: [50, 350], since: '17:45' },
      },
    ],
    [
      'a diamond: the one at the bottom',
      'db probable',
      {
        web: { calls: ['cart', 'user'], latency: [100, 700] },
        cart: { calls: ['db'], latency: [40, 340] },
        user: { calls: ['db'], latency: [40, 340] },
        db: { latency: [10, 310], requests: 2_000 },
      },
    ],
    [
      'a fan-out: the one that is slower',
      'c probable',
      {
        web: { calls: ['a', 'b', 'c'], latency: slow },
        a: { latency: 30 },
        b: { latency: 20 },
        c: { latency: [10, 310] },
      },
    ],
    [
      'a noisy dependency that accounts for too little',
      'db probable',
      {
        web: { calls: ['noisy', 'db'], latency: slow },
        noisy: { latency: [10, 40] },
        db: { latency: [50, 320] },
      },
    ],
    [
      'a noisy dependency that is called too rarely',
      'web probable',
      { web: { calls: ['rare'], latency: slow }, rare: { latency: [100, 900], requests: 20 } },
    ],
    [
      'a little short of half',
      'web probable',
      { web: { calls: ['db'], latency: slow }, db: { latency: [50, 199] } },
    ],
    ['half', 'db probable', { web: { calls: ['db'], latency: slow }, db: { latency: [50, 200] } }],
    [
      'several calls a request add up',
      'db probable',
      { web: { calls: ['db'], latency: slow }, db: { latency: [10, 50], requests: 7_000 } },
    ],
    [
      'a cause in the entry itself',
      'web probable',
      { web: { calls: ['db'], latency: slow }, db: { latency: 50 } },
    ],
    [
      'more traffic, and no dependency slower for it',
      'web probable',
      {
        web: { calls: ['db'], latency: slow, requests: [1_000, 3_000] },
        db: { latency: 50, requests: [1_000, 9_000] },
      },
    ],
    [
      'two faults at once, one of which accounts for most',
      'a probable',
      {
        web: { calls: ['a', 'b'], latency: [100, 500] },
        a: { latency: [40, 340] },
        b: { latency: [40, 140] },
      },
    ],
    [
      'three faults at once, none of which accounts for half',
      'web unknown',
      {
        web: { calls: ['a', 'b', 'c'], latency: slow },
        a: { latency: [20, 120] },
        b: { latency: [20, 120] },
        c: { latency: [20, 120] },
      },
    ],
    [
      'requests that fail',
      'db probable',
      {
        web: { calls: ['cart'], availability: [100, 90] },
        cart: { calls: ['db'], availability: [100, 90] },
        db: { availability: [100, 90] },
      },
    ],
    [
      'failures are not explained by a dependency that is only slower',
      'web probable',
      { web: { calls: ['db'], availability: [100, 90] }, db: { latency: slow } },
    ],
    [
      'but where it is slower as well, it may have waited too long',
      'db probable',
      { web: { calls: ['db'], availability: [100, 90], latency: slow }, db: { latency: [50, 350] } },
    ],
    [
      'a slow service that waits for one that fails',
      'db probable',
      { web: { calls: ['db'], latency: slow }, db: { availability: [100, 40] } },
    ],
    [
      'one that fails too rarely to make it slow',
      'web probable',
      { web: { calls: ['db'], latency: slow }, db: { availability: [100, 90] } },
    ],
    [
      'nothing was read of the dependency',
      'web unknown',
      {
        web: { calls: ['db'], latency: slow },
        db: { latency: null, availability: null, requests: null },
      },
    ],
    [
      'the requests of the dependency were not read',
      'web unknown',
      { web: { calls: ['db'], latency: slow }, db: { latency: [50, 350], requests: null } },
    ],
    [
      'nothing was read on the way: what lies behind is not reached',
      'web unknown',
      {
        web: { calls: ['cart'], latency: slow },
        cart: { calls: ['db'], latency: null, availability: null, requests: null },
        db: { latency: [50, 350] },
      },
    ],
    [
      'a dependency of many, which answers this one no slower than the others',
      'db unknown',
      {
        web: { calls: ['db'], latency: slow, requests: 10 },
        batch: { calls: ['db'], latency: [100, 110], requests: 10_000 },
        db: { latency: [10, 20], requests: 10_010 },
      },
    ],
    [
      'one cause along several ways, on each of which lies a service with less than half',
      'db unknown',
      {
        web: { calls: ['a', 'cart'], latency: [639, 1214.1] },
        a: { calls: ['b', 'c', 'cart'], latency: [425, 876.9] },
        b: { calls: ['c', 'db'], latency: [170, 416.5] },
        c: { calls: ['db'], latency: [44, 126.2], requests: 2_000 },
        cart: { calls: ['db'], latency: [54, 95.1], requests: 6_000 },
        db: { latency: [13, 54.1], requests: 14_000 },
      },
    ],
    [
      'a circle',
      'db probable',
      {
        web: { calls: ['cart'], latency: slow },
        cart: { calls: ['web', 'db'], latency: slow },
        db: { latency: [50, 350] },
      },
    ],
  ])('%s: %s', (_, expected, graph) => {
    expect(place(diagnosed(graph))).toBe(expected);
  });

  test('a service by a healthy one is a trouble of its own', () => {
    const graph: CallGraph = {
      web: { calls: ['cart'], latency: slow },
      cart: { calls: ['db'] },
      db: { latency: [50, 350] },
    };
    expect(place(diagnosed(graph))).toBe('web probable');
  });

  test('nothing is slower or fails: nothing is located', () => {
    const diagnosis = diagnosed({ web: { calls: ['db'], requests: [1_000, 5_000] }, db: {} });
    expect(diagnosis).toMatchObject({ root: { cause: 'unknown', component: '' }, chain: [] });
    expect(diagnosis.root).not.toHaveProperty('located');
  });

  test('a journey is where it begins, if it is blocked', () => {
    const graph: CallGraph = {
      other: { availability: [100, 20] },
      web: { calls: ['db'], availability: [100, 20] },
      db: { availability: [100, 20] },
    };
    const journeys = { buy: { title: 'Buy', steps: ['web'] } };
    const { root, chain } = diagnosed(graph, { journeys });
    expect(root).toEqual({ cause: 'unknown', component: 'db', verdict: 'unknown', located: 'probable' });
    expect(chain.map(({ answer }) => answer)).toMatchInlineSnapshot(`
      [
        "Because \`web\` fails (availability 20 %, was 100 %; latency 100 ms, was 100 ms).",
        "Because \`db\`, on which it depends, fails (availability 20 %, was 100 %; latency 100 ms, was 100 ms).",
        "Unknown – this query would decide: why \`db\` itself is failing.",
      ]
    `);
  });

  test('the chain says what was measured, and what would decide stands in no command of Google', () => {
    const graph: CallGraph = {
      web: { calls: ['db'], latency: slow },
      db: { latency: [50, 350], calls: ['disk'] },
      disk: { latency: null },
    };
    const { chain, missing } = diagnosed(graph);
    expect(chain.map(({ question, answer, share }) => [question, answer, share])).toMatchInlineSnapshot(`
      [
        [
          "Why is \`web\` not healthy?",
          "Because \`web\` is degraded (availability 100 %, was 100 %; latency 400 ms, was 100 ms).",
          null,
        ],
        [
          "Why is \`web\` degraded?",
          "Because \`db\`, on which it depends, is degraded (availability 100 %, was 100 %; latency 350 ms, was 50 ms).",
          1,
        ],
        [
          "Why is \`db\` degraded?",
          "Unknown – this query would decide: whether \`disk\` is what makes \`db\` slower.",
          null,
        ],
      ]
    `);
    expect(missing).toMatchInlineSnapshot(`
      [
        {
          "command": "# disk: read latency, availability and requests, over the window and over the window before it",
          "wouldDecide": "whether \`disk\` is what makes \`db\` slower",
        },
        {
          "command": "# db: read CPU, memory, restarts and deployments, over the window and over the window before it",
          "wouldDecide": "why \`db\` itself is slower, if no dependency accounts for it",
        },
      ]
    `);
  });
});
