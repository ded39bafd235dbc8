import type { Repository } from '../state/world.ts';

/** What is said of a repository wherever it is named; its parts are asked for at the root only. */
export function repositoryFacts({ owner, name, private: isPrivate }: Repository) {
  return { nameWithOwner: `${owner.login}/${name}`, isPrivate };
}
