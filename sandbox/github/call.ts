import { gone, locked, notFound } from './errors.ts';
import type { GitHubError } from './errors.ts';
import type { Repository, World, Issue, Author } from './state/world.ts';
import { commentsOf, mayWriteLocked } from './state/world.ts';
import type { Place } from './state/comments.ts';
import type { Registrations } from './state/registrations.ts';
import type { Hook } from './webhooks/hook.ts';

/** Who calls: the App itself, one of its installations, a person with a token of their own, or nobody that is known. */
export type Caller =
  | { kind: 'app' }
  | { kind: 'installation'; installationId: number; token: InstallationToken }
  | { kind: 'person'; login: string }
  | { kind: 'nobody' };

export interface InstallationToken {
  value: string;
  installationId: number;
  permissions: Record<string, string>;
  /** ms of the machine. */
  expiresAt: number;
}

/** Media types that are understood. */
export type Media = 'json' | 'raw';

/** A request that has passed all checks. */
export interface Call {
  world: World;
  hook: Hook;
  caller: Caller;
  path: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  media: Media;
  /** The request's URL as it came, for links to other pages. */
  url: URL;
  /** Makes a token for an installation. */
  issueToken(installationId: number, permissions: Record<string, string>): InstallationToken;
  /** Apps that are about to be registered from a manifest. */
  registrations: Registrations;
  /** Makes a secret for an App's OAuth client. */
  clientSecret: () => string;
  rate: { limit: number; remaining: number; reset: number; used: number };
}

export interface RepositoryCall extends Call {
  repository: Repository;
  /** By whom a write is done. */
  author: Author;
  /** The redirect to where an issue of this number was transferred to; null where none was, or the caller may not see it. */
  transferred(number: number): GitHubError | null;
}

/** What is answered; `body` undefined for none, a string for a text that is not JSON. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (call: Call) => Answer;
export type RepositoryHandler = (call: RepositoryCall) => Answer;

export function pathNumber(call: Call, name: string): number {
  return Number(call.path[name]);
}

/** Throws where it is gone, or somewhere else: who may see where a transferred issue is, is led there. */
export function issueOf(call: RepositoryCall): Issue {
  const number = pathNumber(call, 'issue_number');
  const issue = call.repository.issues.get(number);
  if (issue) return issue;
  throw call.transferred(number) ?? (call.repository.deletedIssues.has(number) ? gone() : notFound());
}

/** Throws where the conversation is locked for the caller. Nobody reacts there; who has the role write may write. */
export function demandUnlocked(
  { caller, repository }: RepositoryCall,
  issue: Issue,
  what: Parameters<typeof locked>[0],
): void {
  if (!issue.locked) return;
  const writes = what !== 'create reaction' && caller.kind === 'person';
  if (writes && mayWriteLocked(repository, caller.login)) return;
  throw locked(what);
}

export function placeOf(call: RepositoryCall): Place {
  const { repository } = call;
  const comment = repository.comments.get(pathNumber(call, 'comment_id'));
  const issue = comment && repository.issues.get(comment.issue);
  if (!issue) throw notFound();
  return { repository, issue, comment };
}

/** Comments in the order in which GitHub lists them, of one issue: those that the list has caught up with. */
export function orderedComments({ world, repository }: RepositoryCall, issue: Issue) {
  const until = world.machine() - world.listLagMs;
  return commentsOf(repository, issue.number)
    .filter(({ madeAt }) => madeAt <= until)
    .toSorted((a, b) => a.id - b.id);
}
