import type { CollectRequest } from '../collectors/collect.ts';
import type { EtagCache } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import type { TakenSample } from '../core/samples.ts';
import type { IncidentFacts, Severity, Snapshot, Stage } from '../core/snapshot.ts';

/** How a call ended: carried out, not understood, or refused. */
export type Outcome = 'done' | 'confused' | 'refused';

/** What the record holds of an issue. */
export interface Recollection {
  /** null before the first update. */
  incident: {
    severity: Severity | null;
    stage: Stage;
    declaredAt: Date;
    lead: string | null;
    regressionOf: number;
    /** The first evidence number that is free. */
    nextEvidence: number;
  } | null;
  /** The update before, with its posting and the link to its comment; null where it was not posted. */
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
  body: string;
  /** How the call ended: its reaction follows the comment. */
  outcome: Outcome;
}

/** What the record keeps of an update, in one transaction with its posting. */
export interface RecordedUpdate {
  incident: IncidentFacts;
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  /** By which the next updates come by themselves: distances from the declaration; empty where none does. */
  checkpoints: string[];
  /** The environment that was asked for; null for the configuration's own. */
  environment: string | null;
  /** Labels that the update found to belong on the issue, or not to; what it could not tell is not among them. */
  labels: { name: string; wanted: boolean }[];
}

/** What commands need of the world; `src/index.ts` wires it for one installation. */
export interface CommandDeps {
  request: GitHubRequest;
  configurations: EtagCache;
  /** Reads the infrastructure under the operator's grants for this repository. */
  collect(invocation: Invocation, request: CollectRequest): Promise<Snapshot>;
  /** The samples of the incident that asked what the configuration asks, the oldest first; none before it is open. */
  samples(invocation: Invocation, configuration: Configuration): Promise<TakenSample[]>;
  redact: (text: string) => Promise<string>;
  /** How much this repository's updates may show; decided by the operator. */
  mayShowAll(invocation: Invocation): boolean;
  /** Comments an hour that may come to an issue unasked; decided by the operator. */
  commentsPerHour(invocation: Invocation): number;
  recall(invocation: Invocation): Promise<Recollection>;
  /**
   * Stores the posting, with the update where it is one, and its job, in one transaction: from then on it will be
   * posted, once. One that is stored already is left as it is.
   */
  publish(invocation: Invocation, posting: Posting, update?: RecordedUpdate): Promise<void>;
  /** Whether the posting of this id is stored: then its text is final. */
  published(id: string): Promise<boolean>;
  /** The posting of this id answers the call too: its reaction follows the comment. */
  follow(invocation: Invocation, id: string, outcome: Outcome): Promise<void>;
  now: () => Date;
  version: string;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}
