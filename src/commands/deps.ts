import type { CollectRequest } from '../collectors/collect.ts';
import type { GitHubAnswers } from '../collectors/github-answers.ts';
import type { EtagCache } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { Standings } from '../core/criteria/standing.ts';
import type { CriteriaReadings } from '../core/criteria/types.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import type { IncidentEvent, NewEvent } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { FoundTemplate } from '../core/own-templates/own-templates.ts';
import type { WantedLabel } from '../core/kept-labels.ts';
import type { Role } from '../core/roles.ts';
import type { EarlierIncident } from '../core/regression/earlier-incident.ts';
import type { SamplesTaken } from '../core/samples.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';

/** How a call ended: carried out, not understood, or refused. */
export type Outcome = 'done' | 'confused' | 'refused';

/** What the record holds of an issue. */
export interface Recollection {
  /** null before anything was recorded of the issue. */
  incident: {
    id: string;
    declaredAt: Date;
    /** The first evidence number that is free. */
    nextEvidence: number;
    /** The environment that was asked for last; null for the configuration's own. */
    environment: string | null;
  } | null;
  /** What happened, in the order in which it was recorded. */
  record: readonly IncidentEvent[];
  /** How the incident stands after that. */
  state: IncidentState;
  /** How the criteria stood when a look or a sample read them last. */
  standing: Standings;
  /** The update that was posted last, with its posting and the link to its comment; null where it was not posted. */
  update: {
    snapshot: Snapshot;
    diagnosis: Diagnosis;
    posting: { id: string; kind: string } | null;
    url: string | null;
  } | null;
}

/** A comment to be posted exactly once: the same id however often the call is tried again. */
export interface Posting {
  id: string;
  kind: string;
  /** It is laid out by the template of its kind when it is stored: then its text is final. */
  update: Update;
  /** How the call ended: its reaction follows the comment; null while it has not. */
  outcome: Outcome | null;
  /** Whether somebody asked for it; what nobody asked for counts as noise. Default true. */
  asked?: boolean;
  /** Of a refusal: more of why, for the audit; what the comment says first is there anyway. */
  refused?: AuditedAct['detail'];
  /** What the issue is brought to after the comment is out, where it is not so by then; missing where it stays. */
  issueState?: IssueState;
}

/** What the audit is to say of what a call did, beside who, when and where. */
export interface AuditedAct {
  /** In a few words: `command`, `assigned`. */
  what: string;
  /** Without secrets. */
  detail: Readonly<Record<string, unknown>>;
}

/** Whether an issue is open. */
export type IssueState = 'open' | 'closed';

/** What the record keeps of an update. */
export interface RecordedUpdate {
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  /** What the criteria came to. */
  criteria: Pick<CriteriaReadings, 'success' | 'escalation'>;
  /** The environment that was asked for; null for the configuration's own. */
  environment: string | null;
  /** Id of the posting that shows it, with which the next one compares itself; null where none does. */
  shownBy: string | null;
}

/** What is recorded of an issue in one transaction, with the comments that tell of it. */
export interface Entry {
  /** Title of the issue, redacted. */
  title: string;
  /**
   * Where the one that shows the update is stored already, or without an update the first, nothing is recorded: the call
   * was carried out before.
   */
  postings: readonly Posting[];
  events: readonly NewEvent[];
  /** Missing where nothing was collected. */
  update?: RecordedUpdate;
  /** By which the next updates come by themselves, distances from the declaration; missing where that stays. */
  checkpoints?: readonly string[];
  /** When the living comment is refreshed next, UTC; null for no more, missing where that stays. */
  boardAt?: string | null;
  /** The incident as later ones are compared with it, where it is over. */
  earlier?: EarlierIncident;
  /** Labels that were found to belong on the issue, or not to; what could not be told is not among them. */
  labels?: readonly WantedLabel[];
  /** A label that a person took away; null or missing for none. */
  leftLabel?: string | null;
}

/** What commands need of the world; `src/index.ts` wires it for one installation. */
export interface CommandDeps {
  request: GitHubRequest;
  /** The configurations that were read last of the repository. */
  configurations(invocation: Invocation): EtagCache;
  /** Reads the infrastructure under the operator's grants for this repository. */
  collect(invocation: Invocation, request: CollectRequest): Promise<Snapshot>;
  /** The living comment of the issue's incident, as we wrote it last (null before that); null where there is none. */
  livingComment(
    invocation: Invocation,
  ): Promise<{ commentId: number; posting: string; body: string | null } | null>;
  /** The samples of the issue's incident that asked what the configuration asks; none before it is open. */
  samples(invocation: Invocation, configuration: Configuration): Promise<SamplesTaken>;
  redact: (text: string) => Promise<string>;
  /**
   * Slugs of the teams of the repository's organisation of which people must be a member, one of them, for a role to
   * count here; none where the operator asks for none.
   */
  teams(invocation: Pick<Invocation, 'repository'>, role: Role): readonly string[];
  /**
   * How much updates of this call may show, by the operator's policy and by whether the repository is public now; null for
   * nothing. `github` is the question of a look, which tells it as well.
   *
   * @throws where GitHub does not answer.
   */
  disclosure(invocation: Invocation, github?: GitHubAnswers): Promise<Disclosure | null>;
  /** Comments an hour that may come to an issue unasked; decided by the operator. */
  commentsPerHour(invocation: Invocation): number;
  /** Contacts who are told of escalations outside GitHub, each with the ways; decided by the operator. */
  notified(invocation: Invocation): Readonly<Record<string, readonly string[]>>;
  recall(invocation: Invocation): Promise<Recollection>;
  /**
   * The snapshot of the issue's that gave out this evidence id (`E12`), with the link to the comment that shows it; null
   * where none that is kept did.
   */
  evidence(invocation: Invocation, id: string): Promise<{ snapshot: Snapshot; url: string | null } | null>;
  /** The earlier incidents of the repository, as far as they are known. */
  earlier(invocation: Invocation): Promise<EarlierIncident[]>;
  /** The update of the issue's incident that tells most of the cause; null where nothing was ever read. */
  telling(invocation: Invocation): Promise<{ snapshot: Snapshot; diagnosis: Diagnosis } | null>;
  /** Keeps the repository's own templates, as they are now; postings are laid out by those that were kept last. */
  keepTemplates(invocation: Invocation, found: readonly FoundTemplate[]): Promise<void>;
  /**
   * The Markdown of an update that is no comment of the issue, at most `limit` code points long (default: what a comment
   * may hold), by the repository's own template where it brings one.
   */
  render: (invocation: Invocation, update: Update, limit?: number) => Promise<string>;
  /** Stores a posting that changes nothing, with its job. One that is stored already is left as it is. */
  publish(invocation: Invocation, posting: Posting): Promise<void>;
  /**
   * Records what happened, with the postings that tell of it and their jobs, in one transaction: from then on they will
   * be posted, once each. Events that are recorded already are left out.
   */
  record(invocation: Invocation, entry: Entry): Promise<void>;
  /** Adds to the audit what a call did that the record does not hold; once, however often the call is tried again. */
  audit(invocation: Invocation, act: AuditedAct): Promise<void>;
  /** Keeps the role that GitHub told of the caller. */
  keepRole(invocation: Invocation, role: Role): Promise<void>;
  /** The role of the caller that GitHub told at that time or later; null where it told none. */
  roleSeenSince(invocation: Invocation, since: Date): Promise<Role | null>;
  /** Whether the posting of this id is stored: then its text is final. */
  published(id: string): Promise<boolean>;
  /** The posting of this id answers the call too: its reaction follows the comment. */
  follow(invocation: Invocation, id: string, outcome: Outcome): Promise<void>;
  now: () => Date;
  version: string;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}
