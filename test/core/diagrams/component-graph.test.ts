import { describe, expect, test } from 'vitest';
import { repositorySchema } from '../../../src/config/repository.schema.ts';
import { componentGraph, type GraphInput } from '../../../src/core/diagrams/component-graph.ts';
import type { ComponentState } from '../../../src/core/snapshot.ts';
import { labelText } from '../../../src/templates/mermaid-label.ts';

/** Components by what they need (`via:x` for the network path), with their states; unnamed ones are healthy. */
function graph(
  needs: Record<string, string[]>,
  states: Record<string, ComponentState>,
  rest: Partial<Pick<GraphInput, 'journeys' | 'root'>> = {},
) {
  const { environments: _none, ...configuration } = repositorySchema.parse({
    version: 1,
    components: Object.fromEntries(
      Object.entries(needs).map(([id, links]) => [
        id,
        {
          type: 'http',
          url: `https://${id}.example.com/`,
          depends_on: links.filter((link) => !link.startsWith('via:')),
          ...Object.fromEntries(
            links.flatMap((link) => (link.startsWith('via:') ? [['via', link.slice(4)]] : [])),
          ),
        },
      ]),
    ),
  });
  return componentGraph({
    configuration,
    states: Object.fromEntries(Object.keys(needs).map((id) => [id, { state: states[id] ?? 'healthy' }])),
    journeys: [],
    root: null,
    ...rest,
  });
}

const labels = (found: ReturnType<typeof graph>): string[] =>
  found?.diagram.nodes.map(({ lines }) => lines.map((line) => labelText(line)).join(' / ')) ?? [];
const arrows = (found: ReturnType<typeof graph>): string[] =>
  found?.diagram.edges.map(({ from, to, line }) => `${from} ${line} ${to}`.replaceAll('component ', '')) ??
  [];

const blocked = (at: string, isBlocked: boolean | null = true) => ({
  id: 'buy',
  title: 'Find and buy',
  blocked: isBlocked,
  at,
  evidence: [],
  steps: [],
});

describe('the state of a component is told by words, and by a sign beside', () => {
  test.each<[state: ComponentState, label: string]>([
    ['failing', '✖ api / failing'],
    ['degraded', '▲ api / degraded'],
    ['unknown', '? api / unknown'],
    ['healthy', '✓ api / OK'],
  ])('%s', (state, label) => {
    const found = graph({ api: [] }, { api: state });
    expect(labels(found)).toEqual([label]);
    expect(found?.diagram.nodes[0]?.tone).toBe(state);
  });
});

describe('arrows', () => {
  test.each<[what: string, needs: Record<string, string[]>, expected: string[]]>([
    ['what depends on what', { api: ['db'], db: [] }, ['api solid db']],
    ['the network path to it', { api: ['db'], db: ['via:net'], net: [] }, ['api solid db', 'db dotted net']],
    ['what depends on nothing', { api: [], db: [] }, []],
    ['one that is named twice', { api: ['db', 'db'], db: [] }, ['api solid db']],
    ['a cycle', { a: ['b'], b: ['a'] }, ['a solid b', 'b solid a']],
  ])('%s', (_what, needs, expected) => {
    expect(arrows(graph(needs, {}))).toEqual(expected);
  });
});

describe('a journey', () => {
  test.each<[what: string, blocked: boolean | null, label: string[]]>([
    ['that is blocked points to the step at which it stops', true, ['Find and buy / ✖ stops at db']],
    ['of which nobody knows, to the step that was not read', null, ['Find and buy / ? unknown at db']],
    ['that is open is not drawn', false, []],
  ])('%s', (_what, isBlocked, expected) => {
    const found = graph({ api: ['db'], db: [] }, {}, { journeys: [blocked('db', isBlocked)] });
    expect(labels(found).filter((label) => label.startsWith('Find'))).toEqual(expected);
    expect(arrows(found).filter((arrow) => arrow.includes('thick'))).toEqual(
      expected.length === 0 ? [] : ['journey buy thick db'],
    );
  });
});

test('where the cause lies stands in its node, with how sure that is', () => {
  const found = graph(
    { api: ['db'], db: [] },
    { api: 'failing' },
    { root: { component: 'db', verdict: 'probable' } },
  );
  expect(labels(found)).toContain('✓ db / OK / cause, probable');
  expect(found?.diagram.nodes.filter(({ marked }) => marked)).toHaveLength(1);
});

describe('of many components', () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, place): [string, string[]] => [`c${place}`, [`c${(place + 1) % 200}`]]),
  );

  test('what is not well is drawn, with what it needs and what needs it; the rest is one node that is counted', () => {
    const found = graph(many, { c7: 'failing', c90: 'unknown' });
    expect(labels(found)).toEqual([
      '✓ c6 / OK',
      '✖ c7 / failing',
      '✓ c8 / OK',
      '✓ c89 / OK',
      '? c90 / unknown',
      '✓ c91 / OK',
      '194 more OK',
    ]);
    expect(found).toMatchObject({ drawn: 6, all: 200, rest: [{ state: 'healthy', count: 194 }] });
  });

  test('at most 24 are drawn, the gravest first, and those that are left out are counted by their state', () => {
    const states = Object.fromEntries(
      Object.keys(many).map((id, place): [string, ComponentState] => {
        if (place < 100) return [id, 'degraded'];
        return [id, place < 110 ? 'failing' : 'healthy'];
      }),
    );
    const found = graph(many, states);
    expect(found?.drawn).toBe(24);
    expect(found?.diagram.nodes.filter(({ tone }) => tone === 'failing')).toHaveLength(10);
    expect(found?.rest).toEqual([
      { state: 'degraded', count: 86 },
      { state: 'healthy', count: 90 },
    ]);
    expect(labels(found).at(-1)).toBe('86 more degraded / 90 more OK');
  });

  test('where every one needs every one, so many are drawn that their arrows can be told apart', () => {
    const ids = Array.from({ length: 40 }, (_, place) => `c${place}`);
    const all = Object.fromEntries(ids.map((id) => [id, ids.filter((other) => other !== id)]));
    const found = graph(all, Object.fromEntries(ids.map((id) => [id, 'failing' as const])));
    expect(found?.diagram.edges.length).toBeLessThanOrEqual(60);
    expect(found?.drawn).toBeGreaterThan(5);
  });

  test('nothing is drawn where nothing is wrong', () => {
    expect(graph(many, {})).toBeNull();
  });
});

test('nothing is drawn of nothing', () => {
  expect(graph({}, {})).toBeNull();
});
