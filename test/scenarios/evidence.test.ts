import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { diagnose } from '../../src/core/diagnose.ts';
import type { WhyStep } from '../../src/core/diagnosis.ts';
import type { Change, Gap, Observation, Snapshot } from '../../src/core/snapshot.ts';
import { playScenario } from './play.ts';

/** Each why rests on what was read of the components that it is about, and goes along an edge that something proves. */

const shipped = readdirSync(new URL('../../sandbox/scenarios/', import.meta.url));

const moments: [name: string, minutesIn: number][] = [
  ...shipped.map((name): [string, number] => [name, 0]),
  ['connector-saturated', 30],
  ['connector-saturated', 70],
  ['cloudsql-maintenance', 20],
];

type Stored = Observation | Gap | Change;

function storedIn({ observations, gaps, changes }: Snapshot): Map<string, Stored> {
  return new Map([...observations, ...gaps, ...changes].map((one) => [one.id, one]));
}

/**
 * The components that a step may rest on: effect and cause, those that its sentences name, and those that need them or
 * that they need.
 */
function bearingOn(
  { question, answer, effect, cause }: WhyStep,
  configuration: Configuration,
  { observations }: Snapshot,
): Set<string> {
  const ids = Object.keys(configuration.components);
  const ends = [effect.component, ...(cause ? [cause.component] : [])];
  const spoken = ids.filter((id) => `${question} ${answer}`.includes(`\`${id}\``));
  const needs = (from: string, to: string): boolean => {
    const { depends_on, via, attached } = edgesBetween(configuration, observations, from, to);
    return depends_on || via || attached;
  };
  const near = ids.filter((id) => ends.some((end) => needs(id, end) || needs(end, id)));
  return new Set([...ends, ...spoken, ...near]);
}

/** Whether one component needs another, as the configuration says or as an API shows it. */
function edgesBetween({ components }: Configuration, read: readonly Observation[], from: string, to: string) {
  const target = components[to];
  const direct = components[from]?.depends_on ?? [];
  const shown = read
    .filter(({ component }) => component === from)
    .filter(({ signal }) => ['connector', 'cloudsql.instance', 'routes_to'].includes(signal))
    .map(({ value }) => value);
  const names =
    target?.type === 'vpc-connector'
      ? [target.name]
      : target?.type === 'cloud-sql'
        ? [target.instance]
        : target?.type === 'cloud-run'
          ? [target.service]
          : [];
  return {
    depends_on: direct.includes(to),
    via: direct.some((id) => components[id]?.via === to),
    attached: shown.some((value) => names.some((name) => value.split(/[:/]/).at(-1) === name)),
    located: target?.type === 'google-region',
  };
}

/** What proves the edge of a step; null where nothing does. */
function proofOf(step: WhyStep, configuration: Configuration, snapshot: Snapshot): string | null {
  const { effect, cause, edge, evidence } = step;
  if (cause === null) return edge === null && evidence.length === 0 ? 'the end' : null;
  if (edge === 'same') return effect.component === cause.component ? 'one component' : null;
  if (edge === 'change') {
    const operations = snapshot.observations.filter(({ signal }) => signal === 'operation');
    const changes = new Set([...snapshot.changes, ...operations].map(({ id }) => id));
    return evidence.some((id) => changes.has(id)) ? 'a change' : null;
  }
  if (edge === 'journey') {
    const steps = configuration.journeys[effect.component]?.steps ?? [];
    return steps.includes(cause.component) ? 'a step of the journey' : null;
  }
  const proven = Object.entries(
    edgesBetween(configuration, snapshot.observations, effect.component, cause.component),
  );
  return proven.some(([kind, holds]) => kind === edge && holds) ? edge : null;
}

describe.each(moments)('%s, %i min in', (name, minutesIn) => {
  it('shows for each why what was read of its components', async () => {
    const { configuration, snapshot } = await playScenario(name, minutesIn);
    const { chain, second } = diagnose(configuration, snapshot);
    const stored = storedIn(snapshot);
    const unshown = [...chain, ...(second?.chain ?? [])].flatMap((step) => {
      const bearing = bearingOn(step, configuration, snapshot);
      const strange = step.evidence.filter((id) => !bearing.has(stored.get(id)?.component ?? ''));
      const isBare = step.cause !== null && step.evidence.length === 0;
      return strange.length > 0 || isBare ? [{ step, strange }] : [];
    });
    expect(unshown).toEqual([]);
  });

  it('goes along edges that the configuration or an API proves', async () => {
    const { configuration, snapshot } = await playScenario(name, minutesIn);
    const { chain, second } = diagnose(configuration, snapshot);
    const unproven = [...chain, ...(second?.chain ?? [])].filter(
      (step) => proofOf(step, configuration, snapshot) === null,
    );
    expect(unproven).toEqual([]);
  });

  it('asks of each why about the cause of the one before', async () => {
    const { configuration, snapshot } = await playScenario(name, minutesIn);
    const { chain } = diagnose(configuration, snapshot);
    const asked = chain.slice(1).map(({ effect }) => effect.component);
    expect(asked).toEqual(chain.slice(0, -1).map(({ cause }) => cause?.component));
  });
});
