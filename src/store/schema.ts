import type { ColumnType, Generated } from 'kysely';
import type { Result } from '../core/criteria/types.ts';
import type { LabelState } from '../core/kept-labels.ts';
import type { TroubleKind } from '../core/troubles.ts';
import type { Role } from '../core/roles.ts';
import type { Severity, Stage } from '../core/snapshot.ts';

/**
 * The tables as Kysely sees them; `migrations/` is where they are made. Both drivers are set to the same
 * types: int8 is a number, timestamptz a Date, jsonb is written as text and read parsed.
 */

/** A jsonb column: written as the text that `json()` gives, read as parsed JSON of a shape to be checked. */
type Json = ColumnType<unknown, string, string>;
type JsonOrNull = ColumnType<unknown, string | null, string | null>;

export type DeliveryState = 'received' | 'done' | 'failed' | 'cancelled';
export type PublicationState = 'pending' | 'sending' | 'sent' | 'failed';

export interface DeliveryTable {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository: string | null;
  received_at: Date;
  payload: Json;
  state: DeliveryState;
  dedupe_key: string | null;
  finished_at: Date | null;
  error: string | null;
}

export interface IncidentTable {
  id: Generated<string>;
  installation_id: number;
  repository_id: number;
  repository: string;
  issue: number;
  title: string;
  severity: Severity | null;
  stage: Stage;
  declared_at: Date;
  lead: string | null;
  regression_of: Generated<number>;
  next_evidence: Generated<number>;
  updated_at: Date;
  checkpoints: ColumnType<unknown, string | undefined, string>;
  environment: Generated<string | null>;
  declared: Generated<boolean>;
  watched: Generated<boolean>;
  resolved_at: Generated<Date | null>;
  snoozed_until: Generated<Date | null>;
}

export interface IncidentEventTable {
  id: Generated<number>;
  incident_id: string;
  key: string;
  at: Date;
  recorded_at: Date;
  by: string;
  url: string | null;
  body: Json;
}

interface BoardTable {
  incident_id: string;
  publication_id: string | null;
  due_at: Date | null;
  taken_at: Date | null;
  generation: Generated<number>;
  body: string | null;
  written_at: Date | null;
  pinned_at: Date | null;
}

interface CriterionStateTable {
  incident_id: string;
  kind: 'success' | 'escalation';
  id: string;
  result: Result;
  since: Date;
  changed: Generated<boolean>;
  unmet_since: Date | null;
  told_by: 'look' | 'sample';
  at: Date;
}

interface RoleSeenTable {
  installation_id: number;
  repository_id: number;
  login: string;
  role: Role;
  at: Date;
}

interface SnapshotTable {
  id: Generated<number>;
  incident_id: string;
  taken_at: Date;
  body: Json;
  diagnosis: JsonOrNull;
  publication_id: string | null;
}

export interface PublicationTable {
  id: string;
  incident_id: string | null;
  installation_id: number;
  repository_id: number | null;
  delivery: string | null;
  repository: string;
  issue: number;
  kind: string;
  body: string;
  body_hash: string;
  state: PublicationState;
  attempts: Generated<number>;
  fence: Generated<number>;
  lease_until: Date | null;
  holder: string | null;
  read_back: Generated<boolean>;
  unseen_at: Date | null;
  first_attempt_at: Date | null;
  comment_id: number | null;
  comment_url: string | null;
  created_at: Date;
  sent_at: Date | null;
  error: string | null;
  node_id: Generated<string | null>;
  minimised_at: Generated<Date | null>;
  issue_state: Generated<'open' | 'closed' | null>;
  issue_state_at: Generated<Date | null>;
  asked: Generated<boolean>;
}

export interface AcknowledgementTable {
  publication_id: string;
  comment_id: number;
  content: string;
  given_at: Date | null;
}

interface GitHubWriteTable {
  installation_id: number;
  at: Date;
}

interface GitHubBudgetTable {
  installation_id: number;
  bucket_full_at: Date;
  paused_until: Date;
}

interface EtagTable {
  installation_id: number;
  repository_id: number;
  key: string;
  etag: string;
  body: string;
  used_at: Date;
}

interface RoundTable {
  name: string;
  due_at: Date;
  taken_at: Date;
  seen_until: Date | null;
}

interface RedeliveryTable {
  guid: string;
  attempts: number;
  last_at: Date;
}

interface GoogleAnswerTable {
  key: string;
  read_at: Date;
  sealed: Uint8Array;
  kept_at: Date;
}

interface CheckpointTable {
  incident_id: string;
  kind: string;
  due_at: Date;
  state: 'pending' | 'done' | 'cancelled';
}

interface ForgottenTable {
  installation_id: number;
  repository_id: Generated<number>;
  at: Date;
}

interface DoubtTable {
  one: Generated<boolean>;
  since: Date;
  raised_at: Generated<Date>;
}

interface KeptLabelTable {
  incident_id: string;
  name: string;
  wanted: boolean;
  state: Generated<LabelState>;
  meaning: Generated<string>;
  delivery: string | null;
}

interface SampleTable {
  incident_id: string;
  at: Date;
  pause_s: number | null;
  badness: number;
  reads: string;
  figures: string;
  tier: Generated<number>;
}

interface SamplingTable {
  incident_id: string;
  due_at: Date;
  taken_at: Date | null;
  looked_at: Date | null;
}

interface HistoryTable {
  installation_id: number;
  repository_id: number;
  issue: number;
  closed_at: Date | null;
  updated_at: Date;
  body: Json;
}

interface HistoryReadTable {
  repository_id: number;
  installation_id: number;
  repository: string;
  reads: string | null;
  label: Generated<number>;
  page: Generated<number>;
  since: Date | null;
  began_at: Date | null;
  finished_at: Date | null;
  read_at: Date | null;
  due_at: Date;
}

interface NotificationTable {
  id: string;
  incident_id: string;
  publication_id: string | null;
  contact: string;
  channel: string;
  body: Json;
  state: Generated<'pending' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  created_at: Date;
  settled_at: Generated<Date | null>;
  error: Generated<string | null>;
}

interface OwnTemplatesTable {
  installation_id: number;
  repository_id: number;
  digest: string;
  body: Json;
  seen_at: Date;
}

interface TroubleTable {
  kind: TroubleKind;
  began_at: Date;
  seen_at: Date;
  over_at: Generated<Date | null>;
  told: Generated<'nothing' | 'begun' | 'over'>;
  told_at: Generated<Date | null>;
}

interface AuditTable {
  id: Generated<number>;
  key: string | null;
  installation_id: number | null;
  repository_id: number | null;
  at: Date;
  who: string;
  what: string;
  repository: string | null;
  issue: number | null;
  delivery: string | null;
  detail: JsonOrNull;
}

export interface Database {
  delivery: DeliveryTable;
  incident: IncidentTable;
  incident_event: IncidentEventTable;
  board: BoardTable;
  criterion_state: CriterionStateTable;
  role_seen: RoleSeenTable;
  snapshot: SnapshotTable;
  publication: PublicationTable;
  acknowledgement: AcknowledgementTable;
  github_write: GitHubWriteTable;
  github_budget: GitHubBudgetTable;
  etag: EtagTable;
  forgotten: ForgottenTable;
  doubt: DoubtTable;
  round: RoundTable;
  redelivery: RedeliveryTable;
  google_answer: GoogleAnswerTable;
  checkpoint: CheckpointTable;
  kept_label: KeptLabelTable;
  sample: SampleTable;
  sampling: SamplingTable;
  history: HistoryTable;
  history_read: HistoryReadTable;
  notification: NotificationTable;
  own_templates: OwnTemplatesTable;
  audit: AuditTable;
  trouble: TroubleTable;
}
