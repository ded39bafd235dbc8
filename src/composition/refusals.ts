import type { Snapshot } from '../core/snapshot.ts';

/**
 * What configurations ask for beyond the policy, told to the operator: one line of the log for each collection that
 * somebody waits for, and for the samples of every minute one when it changes and one an hour.
 */
export interface Refusals {
  /** Tells what of a snapshot was not granted to a repository, `owner/name`. */
  note(repository: string, snapshot: Snapshot, of: 'look' | 'sample'): void;
}

/** Refusals of one line at most, and components of each; what is left out is counted. */
const refusalCap = 20;
const componentCap = 10;

/** Repositories that are remembered at most. */
const repositoryCap = 1_000;

const hourMs = 3_600_000;

interface Told {
  text: string;
  at: number;
}

/** Remembers in this process what it has told. */
export function openRefusals({
  log,
  now,
}: {
  log: { warn(fields: object, message: string): void };
  now: () => Date;
}): Refusals {
  const told = new Map<string, Told>();
  return {
    note(repository, snapshot, of) {
      const refused = refusalsOf(snapshot);
      const key = repository.toLowerCase();
      const last = told.get(key);
      told.delete(key);
      if (refused.length === 0) return;
      const text = JSON.stringify(refused);
      const at = now().getTime();
      const isKnown = last !== undefined && last.text === text && at - last.at < hourMs;
      told.set(key, isKnown && of === 'sample' ? last : { text, at });
      const [oldest] = told.keys();
      if (told.size > repositoryCap && oldest !== undefined) told.delete(oldest);
      if (isKnown && of === 'sample') return;
      const shown = refused.slice(0, refusalCap);
      const more = refused.length - shown.length;
      log.warn(
        { repository, refused: shown, ...(more === 0 ? {} : { more }) },
        'a configuration asks for more than the policy grants',
      );
    },
  };
}

interface Refusal {
  /** What would grant it; it names a host or a project, and holds no other text of the configuration. */
  remedy: string;
  components: string[];
  /** Further components. */
  more?: number;
}

function refusalsOf({ gaps }: Snapshot): Refusal[] {
  const refused = gaps.filter(({ reason }) => reason === 'not-granted');
  return [...Map.groupBy(refused, ({ remedy }) => remedy)].map(([remedy, some]) => {
    const components = [...new Set(some.map(({ component }) => component))];
    const more = components.length - componentCap;
    return { remedy, components: components.slice(0, componentCap), ...(more > 0 ? { more } : {}) };
  });
}
