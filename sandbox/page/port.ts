/** What the page needs of the GitHub stand-in, and nothing more of it. */

/** A comment as it stands now; `reactions` are GitHub's contents: `eyes`, `rocket`, `+1` … */
export interface ThreadComment {
  id: number;
  by: string;
  bot: boolean;
  at: string;
  editedAt: string | null;
  body: string;
  reactions: string[];
  /** Why it is folded away, in GitHub's words (`outdated`); null where it is not. */
  minimized: string | null;
  pinned: boolean;
}

export interface ThreadIssue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
  by: string;
  at: string;
}

export interface ThreadPort {
  issue(issue: number): ThreadIssue;
  thread(issue: number): ThreadComment[];
  /** Writes as a person would; the webhook goes out as usual. Rejects where the person may not write. */
  comment(by: string, issue: number, body: string): Promise<unknown>;
  /** Calls back after every change of issues, labels, comments or reactions; the result ends that. */
  onChange(listener: () => void): () => void;
}
