import type { SandboxClock } from '../../clock.ts';
import type { Role, WebhookName } from '../operations.ts';
import type { Delivery, Manifest } from '../types.ts';
import type { Branch, Commit, Deployment, PullRequest, WorkflowRun } from './code.ts';

/** All that the stand-in knows. Changed by `state/*.ts` alone, which also announces each change. */

export interface Account {
  login: string;
  id: number;
  type: 'User' | 'Organization' | 'Bot';
  name: string | null;
}

/** Who does something: an account, by hand or through the App. */
export interface Author {
  login: string;
  viaApp: boolean;
}

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Reaction {
  id: number;
  by: string;
  content: string;
  at: Date;
}

export interface Comment {
  id: number;
  issue: number;
  author: Author;
  body: string;
  at: Date;
  /** When it came to be by the machine's clock, ms since the epoch; 0 for what the scenario begins with. */
  madeAt: number;
  updatedAt: Date;
  edited: boolean;
  reactions: Reaction[];
  minimized: string | null;
  pin: { at: Date; by: string } | null;
}

export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: Author;
  at: Date;
  updatedAt: Date;
  state: 'open' | 'closed';
  stateReason: string | null;
  closedAt: Date | null;
  closedBy: string | null;
  labels: Label[];
  assignees: string[];
  locked: boolean;
}

/** Where a transferred issue is: the repository's id, and the issue's number there. */
interface TransferredTo {
  repositoryId: number;
  number: number;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  private: boolean;
  defaultBranch: string;
  /** Whether it is a fork of another repository, which is not modelled. */
  fork: boolean;
  createdAt: Date;
  /** Lower-case login → role. */
  roles: Map<string, Role>;
  labels: Label[];
  issues: Map<number, Issue>;
  /** Numbers of issues that were deleted: they are not given again. */
  deletedIssues: Set<number>;
  /** Numbers of issues that were transferred, and where each of them went. */
  transferredIssues: Map<number, TransferredTo>;
  comments: Map<number, Comment>;
  /** Those of the default branch, newest first. */
  commits: Commit[];
  deployments: Deployment[];
  pullRequests: PullRequest[];
  workflowRuns: WorkflowRun[];
  /** Path → text, on the default branch. */
  files: Map<string, string>;
  /** All branches but the default one, by name. */
  branches: Map<string, Branch>;
  installationId: number;
}

export interface App {
  id: number;
  slug: string;
  name: string;
  clientId: string;
  owner: Account;
  createdAt: Date;
  manifest: Manifest;
  publicKey: string;
  /** PKCS#1, as GitHub gives it. */
  privateKey: string;
  webhookSecret: string;
}

/** A change that GitHub tells the App of. */
export interface Happening {
  name: WebhookName;
  repository: Repository;
  sender: Author;
  issue: Issue;
  comment?: Comment;
  label?: Label;
  assignee?: Account;
  changes?: Record<string, { from: string }>;
  /** Of a transferred issue: the issue that it has become, and its repository. */
  movedTo?: IssuePlace;
  /** Of an issue that a transfer made: the issue that it was, and its repository. */
  movedFrom?: IssuePlace;
}

/** An issue, with the repository that holds it. */
export interface IssuePlace {
  repository: Repository;
  issue: Issue;
}

/** An invitation that is not accepted yet is `pending`. */
export type Membership = 'active' | 'pending';

export interface World {
  app: App;
  clock: SandboxClock;
  links: { api: string; web: string };
  /** Lower-case login → account. */
  accounts: Map<string, Account>;
  /** Lower-case `owner/name` → repository. */
  repositories: Map<string, Repository>;
  /** Lower-case `owner/name` that a repository had before → its id. */
  formerNames: Map<string, number>;
  /** Lower-case `organization/team` → lower-case login → membership. */
  teams: Map<string, Map<string, Membership>>;
  /** The App's installations: id → the account that has it. One that was removed is no longer here. */
  installations: Map<number, Account>;
  /** Those that are suspended. */
  suspended: Set<number>;
  /** Permissions that an installation has accepted; all that the App asks for where it is missing. */
  accepted: Map<number, Record<string, string>>;
  /** The machine's clock, ms since the epoch. */
  machine: () => number;
  /** Lists of comments lag behind: younger ones, by the machine's clock, are not in them yet. ms. */
  listLagMs: number;
  nextId(): number;
  /** Tells of a change; the webhook that it makes waits for its turn. */
  announce(happening: Happening): Delivery | null;
}

export function botLogin(app: Pick<App, 'slug'>): string {
  return `${app.slug}[bot]`;
}

/** The key of a repository in the world. */
export function repositoryKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

/** The key of a team in the world. */
export function teamKey(organization: string, slug: string): string {
  return `${organization}/${slug}`.toLowerCase();
}

export function repositoryById(world: Pick<World, 'repositories'>, id: number): Repository | undefined {
  return world.repositories.values().find((repository) => repository.id === id);
}

/** Time as GitHub writes it: whole seconds, UTC. */
export function stamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function stampOrNull(date: Date | null): string | null {
  return date === null ? null : stamp(date);
}

/** The account of a login; one that nobody has seen before is a person without a role. */
export function accountOf(world: Pick<World, 'accounts' | 'nextId'>, login: string): Account {
  const key = login.toLowerCase();
  const known = world.accounts.get(key);
  if (known) return known;
  const account: Account = {
    login,
    id: world.nextId(),
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    name: null,
  };
  world.accounts.set(key, account);
  return account;
}

export function roleOf(repository: Repository, login: string): Role {
  return repository.roles.get(login.toLowerCase()) ?? 'none';
}

/** In a locked conversation those write who have the role write. */
export function mayWriteLocked(repository: Repository, login: string): boolean {
  return ['write', 'maintain', 'admin'].includes(roleOf(repository, login));
}

/** Labels are found without regard to case, as at GitHub. */
export function findLabel(labels: readonly Label[], name: string): Label | undefined {
  return labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** The number that the next issue or pull request gets. Those of deleted and transferred issues are not given again. */
export function nextNumber(repository: Repository): number {
  const { issues, deletedIssues, transferredIssues, pullRequests } = repository;
  const pulls = pullRequests.map(({ number }) => number);
  return Math.max(0, ...issues.keys(), ...deletedIssues, ...transferredIssues.keys(), ...pulls) + 1;
}

export function commentsOf(repository: Repository, issue: number): Comment[] {
  return [...repository.comments.values()].filter((comment) => comment.issue === issue);
}
