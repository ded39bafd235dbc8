import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import { playScenario, type Played } from './play.ts';

const shipped = readdirSync(new URL('../../sandbox/scenarios/', import.meta.url));

/** The scenario, and minutes after its start at which its script brings an update. */
const moments: [name: string, minutesIn: number][] = [
  ['connector-saturated', 30],
  ['connector-saturated', 70],
  ['cloudsql-maintenance', 20],
  ...shipped.map((name): [string, number] => [name, 0]),
];

function diagnosisOf({ configuration, snapshot }: Played): Diagnosis {
  return diagnose(configuration, snapshot);
}

const aboutOf = (diagnosis: Diagnosis): string[] =>
  diagnosis.contradictions.map(({ about }) => `${about.component}.${about.signal}`);

describe.each(moments)('%s, %i min in', (name, minutesIn) => {
  it('names no cause as confirmed or probable but the true one', async () => {
    const played = await playScenario(name, minutesIn);
    const { root, findings } = diagnosisOf(played);
    const { cause, component } = played.expected.root;
    const named = [root, ...findings.filter((finding) => finding.verdict === 'confirmed')]
      .filter(({ verdict }) => verdict !== 'unknown')
      .map((one) => `${one.cause} of ${one.component}`);
    expect(named.filter((one) => one !== `${cause} of ${component}`)).toEqual([]);
  });

  it('is read over the real protocols without a refusal', async () => {
    expect((await playScenario(name, minutesIn)).refusals).toEqual([]);
  });
});

describe.each(shipped)('%s, at its start', (name) => {
  it('measures every figure of expect.yml', async () => {
    const { snapshot, expected } = await playScenario(name);
    const measured = snapshot.observations.filter(
      ({ window }) => window === null || window.to === snapshot.window.to,
    );
    const found = expected.figures.map((figure) => {
      const { component, signal, revision } = figure;
      const values = measured
        .filter((one) => one.component === component && one.signal === signal)
        .filter((one) => revision === undefined || one.revision === revision)
        .map(({ value }) => value);
      return values.includes(figure.value) ? figure : { component, signal, revision, values };
    });
    expect(found).toEqual(expected.figures);
  });

  it('names the true cause as the root, or among what is not ruled out, with its evidence', async () => {
    const played = await playScenario(name);
    const { cause, component } = played.expected.root;
    const { root, alternatives } = diagnosisOf(played);
    const open = alternatives.filter(
      ({ verdict, decidedBy }) => verdict !== 'refuted' && decidedBy.length > 0,
    );
    const named = [root, ...open].map((one) => `${one.cause} of ${one.component}`);
    expect(named).toContain(`${cause} of ${component}`);
  });

  it('finds the contradictions of expect.yml, and no others', async () => {
    const played = await playScenario(name);
    expect(new Set(aboutOf(diagnosisOf(played)))).toEqual(new Set(played.expected.contradictions));
  });

  it('comes by the whys of expect.yml', async () => {
    const played = await playScenario(name);
    const hops = diagnosisOf(played).chain.map(({ effect, cause }) => ({
      effect: effect.component,
      cause: cause?.component ?? null,
    }));
    expect(hops).toEqual(expect.arrayContaining(played.expected.chain));
  });

  it('leaves no gap but those of expect.yml, and of components that nothing reads yet', async () => {
    const { snapshot, expected } = await playScenario(name);
    const gaps = snapshot.gaps
      .filter(({ reason }) => reason !== 'unsupported')
      .map(({ component, signal, reason }) => ({ component, signal, reason }));
    expect(new Set(gaps)).toEqual(new Set(expected.gaps));
  });
});

it('connector-saturated: half an hour later backend has recovered and auth has not', async () => {
  const { snapshot } = await playScenario('connector-saturated', 30);
  const status = (component: string): string | undefined =>
    snapshot.observations.find((one) => one.component === component && one.signal === 'status')?.value;
  expect({ api: status('api'), login: status('login') }).toEqual({ api: '200', login: '503' });
});

it.each([
  'bad-deploy',
  'cloudsql-permission',
  'config-drift-timeout',
  'crash-on-start',
  'dependency-unavailable',
  'evidence-missing',
  'healthy',
  'noise-beside-crash',
  'quota-exhausted',
  'request-timeout',
  'scaling-lag',
  'startup-timeout',
])('%s: the diagnosis names the true root', async (name) => {
  const played = await playScenario(name);
  expect(diagnosisOf(played).root).toEqual(played.expected.root);
});

it('cloudsql-maintenance: 20 minutes later the database is back, and the portal answers', async () => {
  const { snapshot } = await playScenario('cloudsql-maintenance', 20);
  const valueOf = (component: string, signal: string): string | undefined =>
    snapshot.observations.find((one) => one.component === component && one.signal === signal)?.value;
  expect({
    state: valueOf('db', 'state'),
    operation: valueOf('db', 'operation'),
    up: valueOf('db', 'up'),
    portal: valueOf('portal', 'status'),
  }).toEqual({ state: 'RUNNABLE', operation: 'MAINTENANCE DONE', up: '1', portal: '200' });
});
