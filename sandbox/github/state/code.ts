/** What the stand-in knows of a repository's code, and of what was done with it. */

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
  /** Names of labels. */
  labels: string[];
  /** What is known of one that was opened by an operation; null for those of the scenario. */
  opened: OpenedPull | null;
}

/** A pull request between two branches of the repository. */
interface OpenedPull {
  id: number;
  body: string | null;
  /** Names of branches. */
  head: string;
  base: string;
  draft: boolean;
  at: Date;
}

/** A pull request that an operation opened. */
export type Opened = PullRequest & { opened: OpenedPull };

/** A branch: its files as its newest commit has them. */
export interface Branch {
  /** Newest first. */
  commits: Commit[];
  /** Path → text. */
  files: Map<string, string>;
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
