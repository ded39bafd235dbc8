import type { ComponentType } from '../../config/repository.schema.ts';
import type { CauseId } from '../causes.ts';
import type { Case } from '../diagnose/case.ts';
import type { Link } from '../diagnose/traversal.ts';
import type { Onset } from '../diagnose/onset.ts';
import type { Missing, WhyStep } from '../diagnosis.ts';
import type { Observation } from '../snapshot.ts';

/** What an observation is to a rule: without it the cause is not shown, with it more likely, or excluded. */
type Need = 'required' | 'expected' | 'forbidden';

/** One observation that bears on a rule. Its weight stands in `evidence-table.ts` under rule and key. */
interface RuleEvidence {
  key: string;
  need: Need;
  /** The reading that tells this cause from others: causes that share it are one story. */
  telling?: true;
  /** What it is, for the reference. */
  text: string;
}

/** What a rule found of one of its observations: there, read and not there, or not read (null). */
export interface Item {
  key: string;
  holds: boolean | null;
  evidence: readonly string[];
}

/**
 * What the cause is to the failure: its root; an amplifier, which makes a failure worse that began without it;
 * or an effect, which looks like the cause and comes from a dependency.
 */
type Role = 'root' | 'amplifier' | 'effect';

/** What a rule concludes of a component where something points to its cause. */
export interface Indication {
  role: Role;
  /** Set where what would confirm it cannot be read by any means that Sitrep has, or was read and does not fit. */
  atMost?: 'probable';
  items: readonly Item[];
  /** When the cause began; null where nothing dates it. */
  onset: Onset | null;
  /** Part of the component's own failures that it accounts for; null where they are not counted. */
  share: number | null;
  /** The whys within the component, from its failure down to the cause. */
  steps: readonly WhyStep[];
  /** One sentence for the table of alternatives: why it is not the root, or what is not shown of it. */
  why: string;
  /** The observations that decided so. */
  decidedBy: readonly string[];
  /** What would settle it. */
  missing: readonly Missing[];
}

/** What a rule concludes where nothing points to its cause: excluded by an observation, or not to be told. */
export interface NoIndication {
  role: 'none';
  verdict: 'refuted' | 'weaker' | 'untested';
  why: string;
  decidedBy: readonly string[];
  missing: readonly Missing[];
}

export type RuleOutcome = Indication | NoIndication;

/** What a rule may look at. */
export interface RuleContext {
  readonly found: Case;
  /** The component that is examined. */
  readonly component: string;
  /** When its failure began. */
  readonly onset: Onset | null;
  /** Lines of its log that tell of connections to components that it needs. */
  readonly connectionFailures: readonly Observation[];
  /** The links by which others are seen to fail towards it. */
  readonly incoming: readonly Link[];
}

/** One cause, and how it is told. A rule is pure: the same context gives the same outcome. */
export interface Rule {
  id: CauseId;
  /** The types of components that can have this cause. */
  appliesTo: readonly ComponentType[];
  /** Whether it can be asked of this component at all; always, where it is missing. */
  concerns?(found: Case, component: string): boolean;
  /** The cause in a few words before what was found of it, with `{component}`; none where that names it itself. */
  headline?: string;
  /** The why that it answers, with `{component}` for the id. */
  question: string;
  /** How the cause brings about the failure, in one sentence. */
  mechanism: string;
  evidence: readonly RuleEvidence[];
  /** What it cannot tell, in sentences for the reference. */
  limits: string;
  /** What would decide on it, as the end of "This would decide: …", with `{component}` for the id. */
  decides: string;
  /** Command for a person that reads it. */
  query(found: Case, component: string): string;
  /** Whether its evidence is direct enough to be believed beside an abnormal dependency. */
  outranksDependencies: boolean;
  /**
   * Causes that this one goes behind: in the same component where both rest on the same reading, in another type of
   * component where links lead on to this one.
   */
  goesBehind: readonly CauseId[];
  examine(context: RuleContext): RuleOutcome;
}
