import type { SandboxClock } from '../../clock.ts';
import type { Role, WebhookName } from '../operations.ts';
import type { Delivery, Manifest } from '../types.ts';

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

export interface Commit {
  sha: string;
  at: Date;
  by: string;
  message: string;
  files: string[];
}

export interface Deployment {
  id: number;
  statusId: number;
  sha: string;
  at: Date;
  by: string;
  environment: string;
  state: string;
  /** Id of the workflow run that made it. */
  run?: number | undefined;
}

export interface PullRequest {
  number: number;
  title: string;
  by: string;
  /** null while it is open. */
  mergedAt: Date | null;
  /** The commit that merged it. */
  sha: string | null;
  fork: boolean;
  mentions: number[];
  closes: number[];
}

export interface WorkflowRun {
  id: number;
  number: number;
  workflow: string;
  path: string;
  sha: string;
  at: Date;
  event: string;
  /** null while it runs. */
  conclusion: string | null;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  private: boolean;
  defaultBranch: string;
  createdAt: Date;
  /** Lower-case login → role. */
  roles: Map<string, Role>;
  labels: Label[];
  issues: Map<number, Issue>;
  /** Numbers of issues that were deleted: they are not given again. */
  deletedIssues: Set<number>;
  comments: Map<number, Comment>;
  /** Newest first. */
  commits: Commit[];
  deployments: Deployment[];
  pullRequests: PullRequest[];
  workflowRuns: WorkflowRun[];
  files: Map<string, string>;
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
}

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
  /** The App's installations: id → the account that has it. One that was removed is no longer here. */
  installations: Map<number, Account>;
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

export function commentsOf(repository: Repository, issue: number): Comment[] {
  return [...repository.comments.values()].filter((comment) => comment.issue === issue);
}
