import type { Picture } from './diagram.ts';
import type { Fence, Label, Text } from './text.ts';

/**
 * The view models of what Sitrep posts: one type for each kind, made by `core/compose*`, laid out by the
 * template of the same name. Their texts are `Text`, `Label` or `Fence`, never strings, so that a template
 * cannot print foreign text as it came.
 */

/**
 * A folded part: rows, and how many more there are that did not fit. The renderer cuts rows from the end when
 * an update is too long for GitHub.
 */
export type Fold<Row> = {
  readonly summary: Label;
  readonly rows: readonly Row[];
  readonly omitted: number;
  /** Whether the newest row is the last one: then rows are cut from the beginning. */
  readonly newestLast?: boolean;
};

/** A folded part with a picture above its rows; it is left out whole where an update is too long for GitHub. */
export type Drawn<Part> = Part & { readonly picture: Picture | null };

export type CommandRow = { readonly title: Text; readonly run: Fence };
export type ComponentRow = {
  readonly name: Text;
  readonly state: Text;
  readonly figures: Text;
  readonly evidence: Text;
};
/** The components in one state, by their names. */
export type StateRow = { readonly state: Text; readonly components: Text };
export type JourneyRow = { readonly title: Text; readonly state: Text; readonly steps: Text };
export type FigureRow = {
  readonly component: Text;
  readonly what: Text;
  readonly now: Text;
  readonly before: Text;
  readonly evidence: Text;
};
/** `chart` draws the last hour in one line; where no sample was taken it has a gap. */
export type TrendRow = {
  readonly what: Text;
  readonly chart: Text;
  readonly highest: Text;
  readonly last: Text;
  readonly evidence: Text;
};
export type WhyRow = {
  readonly number: number;
  readonly question: Text;
  readonly answer: Text;
  readonly standing: Text;
};
export type AlternativeRow = { readonly hypothesis: Text; readonly verdict: Text; readonly why: Text };
export type CriterionRow = { readonly mark: Text; readonly title: Text; readonly state: Text };
/** `phase` is set on the first action of each phase. */
export type ActionRow = { readonly phase: Text | null; readonly action: Text; readonly run: Fence | null };
export type EscalationRow = { readonly rule: Text; readonly due: Text; readonly state: Text };
export type ContactRow = { readonly name: Text; readonly role: Text; readonly reach: Text };
export type ChangeRow = {
  readonly at: Text;
  readonly component: Text;
  readonly what: Text;
  readonly bearing: Text;
  readonly evidence: Text;
};
export type ContradictionRow = { readonly about: Text; readonly sides: Text };
export type NameRow = { readonly component: Text; readonly what: Text };
export type ExcerptRow = { readonly title: Text; readonly excerpt: Fence };
export type PreventionRow = { readonly measure: Text };
export type GapRow = { readonly id: Text; readonly what: Text; readonly reason: Text; readonly remedy: Text };
/** The settings of one component, several to a row. */
export type SettingRow = { readonly component: Text; readonly settings: Text; readonly evidence: Text };
/** `run` holds the command that reads the same, or the query where there is none. */
export type SourceRow = {
  readonly evidence: Text;
  readonly query: Text;
  readonly console: Text | null;
  readonly run: Fence;
};
/** `cited` rows are the last to be cut. */
export type EvidenceRow = {
  readonly id: Text;
  readonly component: Text;
  readonly signal: Text;
  readonly value: Text;
  readonly window: Text;
  readonly source: Text;
  readonly read: Text;
  readonly cited: boolean;
};

/** The folded parts of a status in the order in which they are shown; null where one would be empty. */
export type StatusFolds = {
  readonly configuration: Fold<ConfigurationErrorRow> | null;
  readonly commands: Fold<CommandRow> | null;
  readonly components: Drawn<Fold<ComponentRow>> | null;
  readonly journeys: Fold<JourneyRow> | null;
  readonly whys: Drawn<Fold<WhyRow> & { readonly end: Text; readonly stated: readonly Text[] }> | null;
  readonly alternatives: Fold<AlternativeRow> | null;
  readonly regression: Fold<ItemRow> | null;
  readonly criteria: Fold<CriterionRow> | null;
  readonly plan: Fold<ActionRow> | null;
  readonly schedule: Fold<ItemRow> | null;
  readonly escalation: (Fold<EscalationRow> & { readonly contacts: readonly ContactRow[] }) | null;
  readonly changes: Fold<ChangeRow> | null;
  readonly values: Fold<ItemRow> | null;
  readonly contradictions: Fold<ContradictionRow> | null;
  readonly differences: Fold<ContradictionRow> | null;
  readonly names: Fold<NameRow> | null;
  readonly linked: Fold<ItemRow> | null;
  readonly unread: Fold<GapRow> | null;
  readonly trend: Drawn<Fold<TrendRow>> | null;
  readonly figures: Fold<FigureRow> | null;
  readonly settings: Fold<SettingRow> | null;
  readonly excerpts: Fold<ExcerptRow> | null;
  readonly prevention: Fold<PreventionRow> | null;
  readonly sources: Fold<SourceRow> | null;
  readonly evidence: Fold<EvidenceRow> | null;
};

/** A full update: twelve lines at most above the fold, then folded parts. A line is null where it has nothing to say. */
export type StatusUpdate = {
  readonly kind: 'status';
  readonly headline: Text;
  readonly reading: Text;
  readonly state: { readonly label: Text; readonly what: Text };
  readonly affected: Text | null;
  readonly changed: { readonly since: Text; readonly what: Text } | null;
  readonly cause: { readonly label: Text; readonly what: Text } | null;
  readonly worsened: Text | null;
  readonly notRuledOut: Text | null;
  readonly doNow: { readonly owner: Text; readonly what: Text } | null;
  readonly escalate: Text | null;
  readonly next: Text | null;
  readonly configuration: Text | null;
  readonly folds: StatusFolds;
  readonly footer: Text;
};

/** The state in eight lines at most. */
export type BriefUpdate = Pick<
  StatusUpdate,
  'headline' | 'state' | 'affected' | 'changed' | 'cause' | 'doNow' | 'escalate' | 'next' | 'footer'
> & { readonly kind: 'brief' };

/** The chain of whys, openly; what stands beside it is folded. `none` is said where there is no chain. */
export type FiveWhysUpdate = Pick<StatusUpdate, 'headline' | 'reading' | 'cause' | 'footer'> & {
  readonly kind: 'five-whys';
  readonly none: Text | null;
  readonly folds: Pick<
    StatusFolds,
    | 'whys'
    | 'alternatives'
    | 'regression'
    | 'components'
    | 'changes'
    | 'values'
    | 'contradictions'
    | 'differences'
    | 'settings'
    | 'excerpts'
    | 'evidence'
  > & {
    readonly missing: Fold<CommandRow> | null;
  };
};

/** Success criteria and escalation rules, openly. */
export type CriteriaUpdate = {
  readonly kind: 'criteria';
  readonly headline: Text;
  readonly reading: Text;
  readonly folds: Pick<StatusFolds, 'criteria' | 'evidence'> & {
    readonly escalation: Fold<EscalationRow> | null;
  };
  readonly footer: Text;
};

/** What one revision of a service has otherwise than another; `what` names both. */
export type DiffRow = {
  readonly service: Text;
  readonly setting: Text;
  readonly now: Text;
  readonly was: Text;
  readonly evidence: Text;
};

/** The serving revisions, and their settings beside those of the last healthy one and of the one before. */
export type DiffUpdate = {
  readonly kind: 'diff';
  readonly headline: Text;
  readonly reading: Text;
  readonly folds: {
    readonly services: Fold<{ readonly line: Text }> | null;
    readonly healthy: Fold<DiffRow> | null;
    readonly before: Fold<DiffRow> | null;
    readonly evidence: Fold<EvidenceRow> | null;
  };
  readonly footer: Text;
};

/** One piece of evidence with all that is known of it. */
export type EvidenceUpdate = {
  readonly kind: 'evidence';
  readonly headline: Text;
  readonly lines: readonly Text[];
  /** The evidence id, for what stands under a title. */
  readonly cited: Text;
  readonly sample: Fence | null;
  readonly query: Fence | null;
  readonly command: Fence | null;
  readonly footer: Text;
};

/** A part of all evidence of an update. */
export type EvidenceAllUpdate = {
  readonly kind: 'evidence-all';
  readonly headline: Text;
  readonly reading: Text;
  readonly evidence: readonly EvidenceRow[];
  readonly unread: readonly GapRow[];
  readonly changes: readonly ChangeRow[];
  readonly sources: readonly SourceRow[];
  readonly footer: Text;
};

export type ConfigurationErrorRow = { readonly place: Text; readonly what: Text; readonly remedy: Text };

/** All errors of a `.github/sitrep.yml` at once. */
export type ConfigurationErrorsUpdate = {
  readonly kind: 'configuration-errors';
  readonly headline: Text;
  readonly consequence: Text;
  readonly folds: { readonly errors: Fold<ConfigurationErrorRow> | null };
  readonly footer: Text;
};

export type HelpRow = { readonly usage: Text; readonly role: Text; readonly does: Text };

/** What the asking person may run, then folded what needs a higher role. */
export type HelpUpdate = {
  readonly kind: 'help';
  readonly headline: Text;
  readonly commands: readonly HelpRow[];
  readonly folds: { readonly others: Fold<HelpRow> | null };
  readonly notes: readonly Text[];
  readonly footer: Text;
};

/** A command that was not carried out, and what to write instead. */
export type RefusalUpdate = {
  readonly kind: 'refusal';
  readonly headline: Text;
  readonly lines: readonly Text[];
  readonly footer: Text;
};

/** A few lines that answer a command, or that say what has come about. */
export type NoticeUpdate = {
  readonly kind: 'notice';
  readonly headline: Text;
  readonly lines: readonly Text[];
  readonly footer: Text;
};

/** An escalation: why, to whom, and the packet that they ask for, to be copied as it is. */
export type EscalationUpdate = {
  readonly kind: 'escalation';
  readonly headline: Text;
  readonly lines: readonly Text[];
  readonly packet: Fence;
  readonly folds: Pick<StatusFolds, 'escalation' | 'evidence'>;
  readonly footer: Text;
};

/** What the resolve gate said, and why; or that the failure came back. */
export type ResolutionUpdate = {
  readonly kind: 'resolution';
  readonly headline: Text;
  readonly lines: readonly Text[];
  readonly folds: {
    readonly criteria: Fold<CriterionRow> | null;
    readonly open: Fold<ItemRow> | null;
    readonly done: Fold<ItemRow> | null;
    readonly unread: Fold<GapRow> | null;
    readonly evidence: Fold<EvidenceRow> | null;
  };
  readonly footer: Text;
};

/** The folded parts of a declaration in the order in which they are shown; null where one would be empty. */
export type DeclareFolds = Pick<
  StatusFolds,
  'configuration' | 'commands' | 'components' | 'whys' | 'plan' | 'changes' | 'unread' | 'evidence'
>;

/** An incident begins. A line is null where it has nothing to say. */
export type DeclareUpdate = {
  readonly kind: 'declare';
  readonly headline: Text;
  readonly reading: Text;
  readonly state: { readonly label: Text; readonly what: Text };
  readonly affected: Text | null;
  /** What is said of earlier incidents; empty where nothing is. */
  readonly regression: readonly Text[];
  readonly cause: { readonly label: Text; readonly what: Text } | null;
  readonly doNow: { readonly owner: Text; readonly what: Text } | null;
  readonly lead: Text;
  readonly next: Text | null;
  readonly configuration: Text | null;
  readonly folds: DeclareFolds;
  readonly footer: Text;
};

export type TimelineRow = {
  readonly at: Text;
  readonly who: Text;
  readonly what: Text;
  /** Evidence ids, who says so, or that it is Sitrep's own record. */
  readonly source: Text;
};

/** What happened, one row after the other; above the fold the times that count. */
export type TimelineUpdate = {
  readonly kind: 'timeline';
  readonly headline: Text;
  readonly lines: readonly Text[];
  /** Whether it is too long to be shown unfolded. */
  readonly long: boolean;
  readonly folds: { readonly timeline: Drawn<Fold<TimelineRow>> | null };
  readonly footer: Text;
};

/** A point of the checklist with its box. */
export type TaskRow = { readonly ticked: boolean; readonly number: number; readonly what: Text };
export type NoteRow = { readonly note: Text };

/** The one comment of an incident that is edited in silence. A line is null where it has nothing to say. */
export type LivingUpdate = {
  readonly kind: 'living';
  readonly headline: Text;
  readonly reading: Text;
  readonly state: { readonly label: Text; readonly what: Text };
  readonly affected: Text | null;
  readonly changed: { readonly since: Text; readonly what: Text } | null;
  readonly cause: { readonly label: Text; readonly what: Text } | null;
  readonly lead: Text;
  readonly trend: Text | null;
  readonly escalate: Text | null;
  readonly escalated: Text | null;
  readonly handoff: Text | null;
  readonly folded: Text | null;
  readonly next: Text | null;
  readonly checklist: { readonly heading: Text; readonly tasks: readonly TaskRow[] } | null;
  readonly folds: {
    readonly states: Drawn<Fold<StateRow>> | null;
    readonly trend: StatusFolds['trend'];
    readonly criteria: Fold<CriterionRow> | null;
    readonly schedule: Fold<ItemRow> | null;
    readonly commands: Fold<CommandRow> | null;
    readonly notes: Fold<NoteRow> | null;
    readonly evidence: Fold<EvidenceRow> | null;
  };
  readonly footer: Text;
};

export type TimeRow = {
  readonly what: Text;
  readonly at: Text;
  readonly after: Text;
  readonly by: Text;
  readonly source: Text;
};
export type ItemRow = { readonly text: Text };

/** The postmortem: a Markdown document, as a comment or as a file of the repository. */
export type PostmortemUpdate = {
  readonly kind: 'postmortem';
  readonly title: Text;
  /** That it is a draft, that there is no pull request, and what is new in it. */
  readonly notices: readonly Text[];
  readonly summary: readonly Text[];
  readonly impact: readonly Text[];
  readonly times: readonly TimeRow[];
  readonly well: readonly Text[];
  readonly wrong: readonly Text[];
  /** Of which update the whys, changes and evidence are. */
  readonly asOf: Text;
  /** Whether the timeline is folded. */
  readonly long: boolean;
  readonly folds: {
    readonly items: Fold<ItemRow> | null;
    readonly done: Fold<ItemRow> | null;
    readonly whys: StatusFolds['whys'];
    readonly alternatives: StatusFolds['alternatives'];
    readonly changes: StatusFolds['changes'];
    readonly contradictions: StatusFolds['contradictions'];
    readonly timeline: Drawn<Fold<TimelineRow>> | null;
    readonly sources: StatusFolds['sources'];
    readonly evidence: StatusFolds['evidence'];
  };
  readonly footer: Text;
};

/** What whoever takes an incident over needs. */
export type HandoffUpdate = {
  readonly kind: 'handoff';
  readonly headline: Text;
  readonly lines: readonly Text[];
  readonly folds: {
    readonly open: Fold<ItemRow> | null;
    readonly done: Fold<ItemRow> | null;
    readonly owners: Fold<ItemRow> | null;
    readonly shares: Fold<ItemRow> | null;
    readonly watch: Fold<CriterionRow> | null;
    readonly components: StatusFolds['components'];
    readonly changes: Fold<ChangeRow> | null;
    readonly commands: Fold<CommandRow> | null;
    readonly contradictions: Fold<ContradictionRow> | null;
    readonly evidence: Fold<EvidenceRow> | null;
  };
  readonly footer: Text;
};

/** A promised update where nothing material has changed since the update before: a line, and what is due. */
export type CheckpointUpdate = {
  readonly kind: 'checkpoint';
  readonly headline: Text;
  readonly state: Text;
  readonly stalled: Text | null;
  readonly handoff: Text | null;
  readonly criteria: Text | null;
  readonly escalations: readonly { readonly whom: Text; readonly what: Text }[];
  readonly next: Text | null;
  readonly folds: { readonly evidence: Fold<EvidenceRow> | null };
  readonly footer: Text;
};

export type Update =
  | DeclareUpdate
  | StatusUpdate
  | BriefUpdate
  | FiveWhysUpdate
  | CriteriaUpdate
  | DiffUpdate
  | EvidenceUpdate
  | EvidenceAllUpdate
  | ConfigurationErrorsUpdate
  | HelpUpdate
  | NoticeUpdate
  | RefusalUpdate
  | ResolutionUpdate
  | TimelineUpdate
  | CheckpointUpdate
  | LivingUpdate
  | EscalationUpdate
  | PostmortemUpdate
  | HandoffUpdate;
