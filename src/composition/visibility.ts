/** What GitHub said last of who sees a repository: known in this process, and for a moment only. */
export interface Visibility {
  /** GitHub said it just now. */
  told(repositoryId: number, isPrivate: boolean): void;
  /** Whether it is private; null where GitHub has not said so within `holdsMs`, and has to be asked. */
  isPrivate(repositoryId: number): boolean | null;
}

/**
 * The living comment is written right after the update that it belongs to, whose look has asked: it need not ask again.
 * An update is as old as this by the time that GitHub has taken it.
 */
const holdsMs = 10_000;

/** Repositories that are remembered at most. */
const repositoryCap = 1_000;

/** Knows nothing at first. */
export function openVisibility(now: () => Date): Visibility {
  const known = new Map<number, { isPrivate: boolean; at: number }>();
  return {
    told(repositoryId, isPrivate) {
      known.delete(repositoryId);
      known.set(repositoryId, { isPrivate, at: now().getTime() });
      const [oldest] = known.keys();
      if (known.size > repositoryCap && oldest !== undefined) known.delete(oldest);
    },
    isPrivate(repositoryId) {
      const last = known.get(repositoryId);
      const age = now().getTime() - (last?.at ?? 0);
      return last !== undefined && age >= 0 && age < holdsMs ? last.isPrivate : null;
    },
  };
}
