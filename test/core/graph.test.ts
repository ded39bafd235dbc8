import { expect, it } from 'vitest';
import { buildGraph, dependenciesOf, reachableFrom } from '../../src/core/graph.ts';
import { indexObservations } from '../../src/core/observations.ts';
import { configurationOf, observations, snapshotOf } from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

const connector = { type: 'vpc-connector', name: 'link' };
const database = { type: 'cloud-sql', instance: 'main', via: 'link' };

function edges(components: Record<string, unknown>, seen: Seen[] = [], of = 'web'): string[] {
  const configuration = configurationOf({ components });
  const graph = buildGraph(configuration, indexObservations(snapshotOf(observations(seen))));
  return dependenciesOf(graph, of).map(({ to, kind, evidence }) => [kind, to, ...evidence].join(' '));
}

const web = (depends_on: string[] = []) => ({ type: 'cloud-run', service: 'web', depends_on });

const table: [what: string, found: string[], wanted: string[]][] = [
  [
    'what the configuration says it depends on, in its order',
    edges({ web: web(['b', 'a']), a: web(), b: web() }),
    ['depends_on b', 'depends_on a'],
  ],
  [
    'what the traffic to a dependency goes through',
    edges({ web: web(['db']), db: database, link: connector }),
    ['depends_on db', 'via link'],
  ],
  [
    'the connector that its revision is attached to',
    edges({ web: web(), link: connector }, [['web', 'connector', 'link', { revision: 'web-1' }]]),
    ['attached link E1'],
  ],
  [
    'the database that its revision is attached to, of several',
    edges({ web: web(), db: database, link: connector }, [
      ['web', 'cloudsql.instance', 'p:r:other, p:r:main'],
    ]),
    ['attached db E1', 'via link'],
  ],
  [
    'one edge where configuration and API agree, with the evidence',
    edges({ web: web(['link']), link: connector }, [['web', 'connector', 'link']]),
    ['depends_on link E1'],
  ],
  [
    'not the connector that its revision is not attached to',
    edges({ web: web(['link', 'db']), link: connector, db: database }, [['web', 'connector', 'none']]),
    ['depends_on db'],
  ],
  [
    'not what a revision is attached to that does not serve',
    edges({ web: web(), link: connector }, [
      ['web', 'revision.serving', 'web-2'],
      ['web', 'connector', 'link', { revision: 'web-1' }],
      ['web', 'connector', 'none', { revision: 'web-2' }],
    ]),
    [],
  ],
  ['not what is not configured', edges({ web: web(['gone', 'constructor']) }), []],
  ['not itself', edges({ web: web(['web']) }), []],
  ['nothing for a component that does not exist', edges({ web: web() }, [], 'toString'), []],
];

it.each(table)('holds %s', (_what, found, wanted) => {
  expect(found).toEqual(wanted);
});

it('reaches every component once, cycles included', () => {
  const configuration = configurationOf({
    components: { web: web(['a']), a: web(['b']), b: web(['web', 'a']) },
  });
  const graph = buildGraph(configuration, indexObservations(snapshotOf([])));
  expect(reachableFrom(graph, ['a'])).toEqual(['a', 'b', 'web']);
});

it('keeps the order of a journey and leaves out steps that are not configured', () => {
  const configuration = configurationOf({
    components: { web: web(), a: web() },
    journeys: { way: { title: 'A way', steps: ['a', 'gone', 'web'] } },
  });
  const graph = buildGraph(configuration, indexObservations(snapshotOf([])));
  expect(graph.journeys.get('way')?.map((edge) => edge.to)).toEqual(['a', 'web']);
});
