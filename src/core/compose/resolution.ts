import type { CriterionReading } from '../criteria/types.ts';
import { clock } from '../figures.ts';
import type { GateAnswer } from '../incident/gate.ts';
import { stateOf, type IncidentState } from '../incident/state.ts';
import { cite, code, join, label, mention, plain, prose, say, type Text } from '../text.ts';
import type { EvidenceRow, Fold, ResolutionUpdate } from '../update.ts';
import { citedIds } from './cited.ts';
import { criterionWords } from './criterion-words.ts';
import { type Facts, fewIds } from './facts.ts';
import { doneFold, openFold } from './folds/checklist.ts';
import { marks, readingsFold } from './folds/criteria.ts';
import { evidenceFold } from './folds/evidence.ts';
import { unreadFold } from './folds/unread.ts';
import type { Judged } from './judged.ts';
import { updateFooter } from './update-footer.ts';

/** A call for the incident to be resolved. */
export interface Call {
  /** GitHub login. */
  by: string;
  /** The issue was closed, without a command. */
  byHand: boolean;
  /** The reason for which criteria were to be passed over; null for none. */
  override: string | null;
  /** Whether Sitrep opens the issue again that was closed by hand. */
  reopens: boolean;
}

/** Criteria shown above the fold, of those that block. */
const shown = 5;

/**
 * The gate says no: what blocks with its figures and since when, the time at which it is worth asking again, and who could
 * pass it over.
 */
export function composeRefused(
  facts: Facts,
  state: IncidentState,
  judged: Judged,
  call: Call,
  answer: Extract<GateAnswer<Judged['readings'][number]>, { granted: false }>,
): ResolutionUpdate {
  const { seen } = facts;
  const blocking = [...answer.failing, ...answer.unknown];
  const count = say`${blocking.length} of ${judged.readings.length} criteria block`;
  const grade = state.severity === null ? say`Incident` : say`${plain(state.severity)}`;
  const head = call.byHand ? say`⛔ ${grade} closed, but not resolved` : say`⛔ ${grade} not resolved`;
  const met = judged.readings.filter(({ result }) => result === 'met');
  const lines = [
    ...notConfigured(judged),
    ...blocking.slice(0, shown).map((reading) => blockingLine(reading, seen)),
    ...(blocking.length > shown ? [say`… and ${blocking.length - shown} more, below`] : []),
    ...(met.length === 0 ? [] : [metLine(met)]),
    say`${stays(state, call)} ${promise(judged, state, call, seen)}`,
    overrideLine(state, call, answer.needs),
  ];
  const headline = say`${head}: ${count} (${mention(call.by)}, ${plain(clock(seen, seen))} UTC)`;
  return { kind: 'resolution', headline, lines, ...below(facts, judged, [headline, lines]) };
}

/** When criteria that need a time can hold at the earliest, all of them, UTC; null where nothing is a matter of time. */
export function recheckAt({ readings }: Judged): string | null {
  const times = readings.flatMap(({ holding }) => holding.completeAt ?? []);
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}

/** `❌ **30 min without errors:** …; so since 22:28 (E391). Earliest 22:58.` */
function blockingLine(
  { result, title, why, evidence, holding }: Judged['readings'][number],
  seen: string,
): Text {
  const { now, since, completeAt } = holding;
  const isSo =
    since !== null && now !== 'met' ? say`; so since ${plain(clock(since, seen))} or before` : say``;
  const earliest =
    completeAt === null ? say`` : say`. Earliest ${plain(clock(upToMinute(completeAt), seen))}`;
  const reason = criterionWords({ why, evidence }, fewIds, isSo);
  return say`${marks[result]} **${prose(title)}:** ${reason}${earliest}`;
}

/** Clocks are shown without seconds, and the time is not earlier than it says. */
function upToMinute(at: string): string {
  const minute = 60_000;
  return new Date(Math.ceil(Date.parse(at) / minute) * minute).toISOString();
}

/** Those that are met in one line, with their evidence. */
export function metLine(met: readonly CriterionReading[]): Text {
  const evidence = met.flatMap((reading) => reading.evidence);
  return say`${marks.met} ${join(
    met.map(({ title }) => prose(title)),
    say`; `,
  )} ${cite(evidence, fewIds)}`;
}

/** What serves where no criteria are configured. */
export function notConfigured({ configured }: Judged): Text[] {
  if (configured) return [];
  return [
    say`No success criteria are configured: every journey has to work, and no component may be failing or unknown. ${code('success_criteria')} in ${code('.github/sitrep.yml')} names others.`,
  ];
}

function stays({ stage }: IncidentState, { byHand, reopens }: Call): Text {
  const stageStays = say`Stage stays **${plain(stage)}**.`;
  if (!byHand) return stageStays;
  return reopens
    ? say`${stageStays} The issue is opened again, as ${code('resolution.reopen_issue')} asks.`
    : say`${stageStays} The issue stays closed: Sitrep does not overrule you.`;
}

function promise(judged: Judged, { lead }: IncidentState, { byHand, reopens }: Call, seen: string): Text {
  if (byHand && !reopens)
    return say`No updates come while it is closed. ${code('/sitrep reopen')} goes on with it; ${code('/sitrep resolve')} asks again.`;
  const at = recheckAt(judged);
  const when = at === null ? say`With each update` : say`At ${plain(clock(upToMinute(at), seen))}`;
  const whom = lead === null ? say`the lead` : say`${mention(lead)}`;
  return say`${when} I look again, and when all hold I ask ${whom} to confirm.`;
}

function overrideLine({ lead }: IncidentState, { byHand, override }: Call, needs: 'lead' | 'maintain'): Text {
  const command = code('/sitrep resolve --override REASON');
  const leader = lead === null ? say`the lead (**nobody** now)` : say`the lead (${mention(lead)})`;
  const who =
    needs === 'maintain'
      ? say`a person with the role **maintain** or **admin**, since a criterion fails`
      : say`${leader}, or a person with the role **maintain** or **admin**`;
  if (override !== null && !byHand) return say`**Not overridden:** that takes ${who}.`;
  return say`**Override:** ${command} by ${who}; the reason goes into the postmortem.`;
}

/** The criteria with their evidence, what could not be read, and the values that are cited. */
export function below(
  facts: Facts,
  { readings }: Judged,
  above: unknown,
): Pick<ResolutionUpdate, 'folds' | 'footer'> {
  const criteria = readingsFold(readings, facts.seen);
  const { actions } = stateOf(facts.snapshot.record ?? []);
  const cited = citedIds([above, criteria]);
  return {
    folds: {
      criteria,
      open: openFold(actions, facts.seen),
      done: doneFold(actions, facts.seen),
      unread: unreadFold({
        ...facts,
        snapshot: { ...facts.snapshot, gaps: facts.snapshot.gaps.filter(({ id }) => cited.has(id)) },
      }),
      evidence: citedEvidence(facts, cited),
    },
    footer: updateFooter(facts),
  };
}

function citedEvidence(facts: Facts, cited: ReadonlySet<string>): Fold<EvidenceRow> | null {
  const all = evidenceFold(facts, cited);
  const rows = all?.rows.filter((row) => row.cited) ?? [];
  return rows.length === 0 ? null : { summary: label`Evidence of the criteria`, rows, omitted: 0 };
}
