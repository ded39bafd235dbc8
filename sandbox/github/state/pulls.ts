import type { Opened, PullRequest } from './code.ts';
import { findLabel, nextNumber } from './world.ts';
import type { Author, Issue, Repository, World } from './world.ts';

/** Opens a pull request; its text refers to the issues that it names with `#`. */
export function openPull(
  world: World,
  repository: Repository,
  author: Author,
  wanted: { title: string; body: string | null; head: string; base: string; draft: boolean },
): Opened {
  const { title, body, head, base, draft } = wanted;
  const named = `${title}\n${body ?? ''}`.matchAll(/(?<![\w/])#(\d+)/gu);
  const pull: Opened = {
    number: nextNumber(repository),
    title,
    by: author.login,
    mergedAt: null,
    sha: null,
    fork: false,
    mentions: [...named].map(([, number]) => Number(number)),
    closes: [],
    labels: [],
    opened: { id: world.nextId(), body, head, base, draft, at: world.clock.now() },
  };
  repository.pullRequests.push(pull);
  return pull;
}

/** A pull request as the issue that GitHub holds it for. When one of the scenario was opened is not known. */
export function pullAsIssue(world: World, repository: Repository, pull: PullRequest): Issue {
  const { number, title, by, opened } = pull;
  const merged = pull.mergedAt !== null && pull.mergedAt <= world.clock.now() ? pull.mergedAt : null;
  const at = opened?.at ?? pull.mergedAt ?? repository.createdAt;
  return {
    // One that no other thing has, without taking the next id from those.
    id: opened?.id ?? repository.id * 10_000 + number,
    number,
    title,
    body: opened?.body ?? null,
    author: { login: by, viaApp: opened !== null },
    at,
    updatedAt: merged ?? at,
    state: merged ? 'closed' : 'open',
    stateReason: null,
    closedAt: merged,
    closedBy: merged && by,
    labels: pull.labels.flatMap((name) => findLabel(repository.labels, name) ?? []),
    assignees: [],
    locked: false,
  };
}
