import type { Scenario } from '../scenario/schema.ts';
import type { SandboxClock } from '../clock.ts';
import type { Role } from './operations.ts';

/** What the App's manifest, `app.yml`, says of permissions and events. */
export interface Manifest {
  default_permissions: Record<string, string>;
  default_events: string[];
}

export interface GitHubOptions {
  scenario: Scenario;
  /** Path → text, on the default branch. */
  files: Record<string, string>;
  manifest: Manifest;
  /** Time of what happens on GitHub: `created_at` and its kin. */
  clock: SandboxClock;
  /** Time by which tokens expire, ms since the epoch; default Date.now. */
  machine?: () => number;
  /** Source of GUIDs, tokens and secrets; default crypto.randomUUID. */
  random?: () => string;
  /** A person's token → their login. */
  personalTokens?: Record<string, string>;
  /** Time that every answer takes at least, ms of the machine; default 0. */
  latencyMs?: number;
  /** Requests an hour and caller, as GitHub's primary limit; default 5,000. */
  requestsPerHour?: number;
  /** Where the links for people lead; default https://github.com. Links of the API always lead to the stand-in. */
  webUrl?: string;
}

/** One webhook, as it was sent. `status` is null where there was no answer within 10 s, or no connection. */
export interface Delivery {
  id: number;
  guid: string;
  event: string;
  action: string;
  payload: Record<string, unknown>;
  status: number | null;
  redelivery: boolean;
  /** When it was sent, by the sandbox's clock. */
  at: string;
}

export interface ThreadComment {
  id: number;
  by: string;
  bot: boolean;
  at: string;
  editedAt: string | null;
  body: string;
  /** Content of each reaction, in the order in which they were given. */
  reactions: string[];
  /** The reason for which it is folded away, null where it is not. */
  minimized: string | null;
  pinned: boolean;
}

interface IssueView {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
  assignees: string[];
  by: string;
  at: string;
}

/** A request as the stand-in saw it. */
export interface GitHubRequest {
  method: string;
  /** Path and query without `/api/v3`. */
  path: string;
  /** The operation's route, for example `GET /repos/{owner}/{repo}`; empty where there is none. */
  route: string;
  /** Status of the answer; null where the connection was dropped, or no answer was given. */
  status: number | null;
  /** When it came, by the sandbox's clock: UTC, ISO 8601. */
  at: string;
  /** `performance.now()` of this process, ms; the two are the same while it is not answered. */
  startedAt: number;
  endedAt: number;
  write: boolean;
  /** Permissions that GitHub accepts for it, as in X-Accepted-GitHub-Permissions. */
  permission: string | null;
}

export type FaultKind =
  | 'denied' // 403 Resource not accessible by integration
  | 'not-found' // 404
  | 'no-token' // 401 Bad credentials
  | 'quota' // 403 or 429 with retry-after, a secondary limit
  | 'hang' // no answer
  | 'html-502' // a proxy's page
  | 'unavailable' // 503
  | 'other-answer' // the answer that is given with it, whatever was asked
  | 'lie' // an answer that does not fit the description
  | 'drop' // the connection is dropped, nothing was done
  | 'commit-then-drop' // it was done, and the connection is dropped
  | 'commit-then-502' // it was done, and a proxy's page comes back
  | 'commit-then-hang'; // it was done, and no answer comes

/** An answer that GitHub's description may not know. */
export interface OtherAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A fault for the next requests that fit, in a test. */
export interface InjectedFault {
  kind: FaultKind;
  method?: string;
  /** Only requests whose path contains this. */
  pathIncludes?: string;
  /** How many requests; default 1, `Infinity` for all until it is lifted. */
  times?: number;
  /** Of `quota`: 403 (default) or 429. */
  status?: 403 | 429;
  /** Of `quota`: seconds in retry-after; default 60. */
  retryAfter?: number;
  /** Of `other-answer`: what comes back, to the letter. */
  answer?: OtherAnswer;
}

/** A request to wait for, in a test. */
export interface AwaitedRequest {
  method?: string;
  /** Only requests whose path contains this. */
  pathIncludes?: string;
  /** `arrived`: before it is carried out; `done`: after that, before the answer goes out. Default `arrived`. */
  moment?: 'arrived' | 'done';
}

interface Sent {
  delivery: Delivery | null;
}

/** What people do and see in one repository. */
export type People = Pick<
  GitHubStandIn,
  'comment' | 'label' | 'openIssue' | 'closeIssue' | 'thread' | 'issue' | 'putFile' | 'setRole'
>;

export interface GitHubStandIn {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  host: string;
  app: { id: number; slug: string; privateKey: string; webhookSecret: string; installationId: number };
  /** Where webhooks go from now on; null for nowhere. */
  deliverTo(url: string | null): void;
  /** A person writes a comment; ends when the webhook was answered. Throws where the person may not. */
  comment(by: string, issue: number, body: string): Promise<Sent & { commentId: number }>;
  editComment(by: string, commentId: number, body: string): Promise<Sent>;
  deleteComment(by: string, commentId: number): Promise<Sent>;
  label(by: string, issue: number, change: { add?: string; remove?: string }): Promise<Sent>;
  openIssue(
    by: string,
    issue: { title: string; body?: string; labels?: string[] },
  ): Promise<Sent & { number: number }>;
  /** The reason is `completed` where none is given. */
  closeIssue(by: string, issue: number, reason?: 'completed' | 'not_planned'): Promise<Sent>;
  reopenIssue(by: string, issue: number): Promise<Sent>;
  editIssue(by: string, issue: number, change: { title?: string; body?: string }): Promise<Sent>;
  /** Who has no role in the repository is passed over, as at GitHub. */
  assign(by: string, issue: number, login: string): Promise<Sent>;
  unassign(by: string, issue: number, login: string): Promise<Sent>;
  /** The comments of an issue in order. */
  thread(issue: number): ThreadComment[];
  issue(number: number): IssueView;
  /** Writes a file on the default branch; null removes it. */
  putFile(path: string, text: string | null): void;
  /** A branch that begins at the newest commit of the default one, and has these files besides. */
  putBranch(name: string, files: Readonly<Record<string, string>>): void;
  setRole(login: string, role: Role): void;
  /** Somebody is in a team of the repository's owner from now on, or invited to it; null takes them out. */
  setTeam(slug: string, login: string, state: 'active' | 'pending' | null): void;
  /** Who has the role admin deletes an issue: GitHub answers 410 for it from now on. */
  deleteIssue(by: string, issue: number): Promise<Sent>;
  /** Locks the conversation of an issue: Apps may no longer comment or react there, whatever their permissions. */
  lock(by: string, issue: number): Promise<Sent>;
  unlock(by: string, issue: number): Promise<Sent>;
  /**
   * Moves an issue to another repository of the same owner, where it gets another number: requests for it are
   * redirected for who may see it there, and 404 for others. A repository that is not there yet is made, private as
   * this one, with the same people and no labels, in this one's installation or in none.
   */
  transferIssue(
    by: string,
    issue: number,
    to: { name: string; installed?: boolean },
  ): Promise<Sent & { number: number }>;
  /** Renames the repository or transfers it; requests under the old name are redirected for who may see it. */
  moveRepository(to: { owner?: string; name?: string }): void;
  /** Makes the repository private, or shows it to everybody. */
  setPrivate(isPrivate: boolean): void;
  /** The text of a file on a branch other than the default one; null where there is none. */
  fileOn(branch: string, path: string): string | null;
  /** Another repository with an installation of its own; gives the installation's id. */
  install(scenario: Scenario, files: Record<string, string>): number;
  /** What people do in the repository of another installation; throws where it has none. */
  peopleOf(installationId: number): People;
  /** Takes the repository of an installation from the App; what is given gives it back. */
  withhold(installationId: number): () => void;
  /** Suspends an installation, or ends that: no token for it meanwhile. */
  suspend(installationId: number, isSuspended: boolean): void;
  /** A person registers an App with a manifest, by the form on GitHub's page; gives the code for its conversion. */
  register(manifest: string): string;
  /** The permissions that an installation has accepted so far, where the App asks for others by now. */
  accept(installationId: number, permissions: Record<string, string>): void;
  /** Removes the App from where it is installed: no token for it any more, no webhook from it. */
  uninstall(installationId?: number): void;
  revokeTokens(): void;
  redeliver(guid: string): Promise<Delivery>;
  requests: GitHubRequest[];
  /** Every request that GitHub would refuse or ignore, and every answer of ours that does not fit; in words. */
  refusals: string[];
  deliveries: Delivery[];
  setLatency(milliseconds: number): void;
  /** Comments younger than this, by the machine's clock, are left out of the lists of comments; 0 for none. */
  setListLag(milliseconds: number): void;
  /** Lets a fault befall the next requests that fit; what is given lifts it. */
  inject(fault: InjectedFault): () => void;
  /**
   * Does something once, the moment the next fitting request has come whole: before it is carried out, or after that
   * and before it is answered.
   */
  when(request: AwaitedRequest, act: () => void): void;
  /** Ends when every webhook that was started has been answered. */
  settled(): Promise<void>;
  /** Told whenever a thread, an issue or a label has changed; gives what ends it. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
