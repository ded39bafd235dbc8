import type { InstalledRepository } from './installed-repository.ts';
import type { IssueAction } from './issue-event.ts';

/**
 * One call of a command, whatever it came from: a comment, a checkpoint, a button. Handlers make it from a webhook
 * payload; commands see nothing of GitHub's shapes.
 */
export interface Invocation {
  /** Delivery GUID, or another id that is the same each time this call is tried again. */
  id: string;
  installationId: number;
  repository: {
    id: number;
    owner: string;
    name: string;
    private: boolean;
    /** Set where GitHub was asked for it just now: what a webhook says of it may be old. */
    asked?: true;
  };
  issue: {
    number: number;
    title: string;
    url: string;
    labels: string[];
    openedAt: string;
    comments: number;
    closed: boolean;
  };
  /** GitHub login; `sitrep` for what nobody asked for. */
  actor: string;
  /** When the call reached Sitrep, ISO 8601, by Sitrep's clock; null where that is not known. */
  receivedAt: string | null;
  /** The comment that calls; null where there is none. */
  comment: { id: number; url: string; body: string } | null;
}

/** The repository of a call, and through which installation it came. */
export function installedOf({
  installationId,
  repository,
}: Pick<Invocation, 'installationId' | 'repository'>): InstalledRepository {
  return { installationId, repositoryId: repository.id };
}

/** A call that somebody wrote. */
export type WrittenInvocation = Invocation & { comment: NonNullable<Invocation['comment']> };

/** What somebody did with an issue on GitHub's pages, its comments apart. */
export interface IssueChange extends Invocation {
  action: IssueAction;
  /** The label that was set or taken away; null where it was something else. */
  label: string | null;
  /** When, by GitHub's clock; UTC, ISO 8601. */
  changedAt: string;
}
