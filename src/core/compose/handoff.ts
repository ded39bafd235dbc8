import type { Configuration } from '../../config/repository.schema.ts';
import { clock } from '../figures.ts';
import { stateOf, type ChecklistAction } from '../incident/state.ts';
import { cite, code, fence, label, mention, plain, prose, say, type Text } from '../text.ts';
import type { CommandRow, CriterionRow, Fold, HandoffUpdate, ItemRow } from '../update.ts';
import { commandsToRun } from './actions.ts';
import { causeLine } from './cause-lines.ts';
import { changeLine } from './change-line.ts';
import { nextLine } from './checkpoint.ts';
import { citedIds } from './cited.ts';
import { escalationLine } from './escalation.ts';
import { componentsIn, factsOf, fewIds, readingOf, type Facts, type StatusInput } from './facts.ts';
import { changeFold } from './folds/changes.ts';
import { doneFold, openFold } from './folds/checklist.ts';
import { componentFold } from './folds/components.ts';
import { contradictionFold } from './folds/contradictions.ts';
import { criteriaFold } from './folds/criteria.ts';
import { evidenceFold } from './folds/evidence.ts';
import { fold } from './folds/fold.ts';
import { shareLines } from './handoff-shares.ts';
import { impactLine } from './impact-line.ts';
import { updateFooter } from './update-footer.ts';
import { stateLine } from './state-lines.ts';

/** What is handed over, and to whom. */
export interface HandoffInput extends StatusInput {
  from: string;
  to: string;
}

/** Everything that whoever takes over needs: the state, what is done and open, who owns what, what to watch and to run. */
export function composeHandoff(input: HandoffInput): HandoffUpdate {
  const facts = factsOf(input);
  const { snapshot, diagnosis, seen } = facts;
  const { actions, severity, stage, handoff } = stateOf(snapshot.record ?? []);
  const state = stateLine(facts);
  const cause = causeLine(facts);
  const changed = changeLine(facts);
  const affected = impactLine(facts);
  const escalate = escalationLine(facts);
  const next = nextLine(facts);
  const grade = severity === null ? say`Incident` : say`${plain(severity)}`;
  const again =
    handoff !== null && handoff.acceptedAt === null && handoff.to !== input.to
      ? [say`It takes the place of the one to ${code(handoff.to)}.`]
      : [];
  const lines = [
    say`${code(input.from)} hands over to ${mention(input.to)}. Open until ${code(input.to)} writes ${code('/sitrep accept')}.`,
    ...again,
    say`**${state.label}:** ${state.what}`,
    ...(affected === null ? [] : [say`**Affected:** ${affected}`]),
    ...(changed === null ? [] : [say`**Since ${changed.since}:** ${changed.what}`]),
    ...(cause === null ? [] : [say`**${cause.label}:** ${cause.what}`]),
    ...(escalate === null ? [] : [say`**Escalate:** ${escalate}`]),
    decisionLine(facts),
    ...(next === null ? [] : [say`**Next:** ${next}`]),
  ];
  const parts = {
    open: openFold(actions, seen),
    done: doneFold(actions, seen),
    shares: fold(
      label`Shares of what is open`,
      shareLines(diagnosis, actions, seen, facts.redacted !== undefined).map((text) => ({ text })),
    ),
    components: componentFold(facts),
    watch: watchFold(facts),
    owners: ownerFold(facts),
    changes: changeFold(facts),
    commands: commandFold(facts, actions),
    contradictions: contradictionFold(facts),
  };
  const cited = citedIds([lines, parts]);
  return {
    kind: 'handoff',
    headline: say`🤝 Handoff to ${code(input.to)}, ${plain(clock(seen, seen))} UTC: ${grade} ${plain(stage)}`,
    lines,
    folds: { ...parts, evidence: citedEvidence(facts, cited) },
    footer: updateFooter(facts),
  };
}

/** Whether the incident stays open, and why; who takes over decides, and the gate holds them to it. */
function decisionLine({ criteria: { success } }: Facts): Text {
  if (success.length === 0)
    return say`**Stays open:** until somebody resolves it; no success criteria are configured`;
  const blocking = success.filter(({ result }) => result !== 'met');
  if (blocking.length === 0)
    return say`**May be closed:** all ${success.length} success criteria are met ${cite(
      success.flatMap(({ evidence }) => evidence),
      fewIds,
    )}; ${code('/sitrep resolve')}`;
  return say`**Stays open:** ${blocking.length} of ${success.length} success criteria not met ${cite(
    blocking.flatMap(({ evidence }) => evidence),
    fewIds,
  )}`;
}

/** The success criteria that do not hold. */
function watchFold(facts: Facts): Fold<CriterionRow> | null {
  const { criteria } = facts;
  const success = criteria.success.filter(({ result }) => result !== 'met');
  const found = criteriaFold({ ...facts, criteria: { ...criteria, success } });
  return (
    found && {
      ...found,
      summary: label`To watch: ${success.length} of ${criteria.success.length} success criteria not met`,
    }
  );
}

/** Who owns which components, as the configuration says; what is broken comes first and has its evidence. */
function ownerFold(facts: Facts): Fold<ItemRow> | null {
  const { components, contacts } = facts.configuration;
  const owned = Map.groupBy(Object.keys(components), (id) => components[id]?.owner ?? null);
  const { owner } = facts.diagnosis;
  const cause =
    owner === null ? [] : [{ text: say`**The cause:** ${prose(owner.name)}, since ${prose(owner.why)}` }];
  const rows = [...owned].map(([contact, ids]) => {
    const who =
      contact === null
        ? say`**No owner configured**`
        : say`**${prose(nameOf(contacts, contact))}** (${plain(contacts[contact]?.role ?? 'primary')})`;
    const failing = ids.filter((id) => readingOf(facts, id).state !== 'healthy');
    const what = failing.map((id) => stateOfComponent(facts, id));
    const fine = ids.length - failing.length;
    const rest = fine === 0 ? [] : [say`${fine} OK`];
    return { text: say`${who}: ${joined([...what, ...rest])}; configured (sitrep.yml)` };
  });
  return fold(label`Who owns what`, [...cause, ...rows]);
}

function stateOfComponent(facts: Facts, id: string): Text {
  const { state, evidence } = readingOf(facts, id);
  return say`${code(id)} ${plain(state)} ${cite(evidence, fewIds)}`;
}

function nameOf(contacts: Configuration['contacts'], id: string): string {
  return contacts[id]?.name ?? id;
}

function joined(parts: readonly Text[]): Text {
  return parts.reduce((before, part, index) => (index === 0 ? part : say`${before}, ${part}`), say``);
}

/** What to run: what is proposed now, what would decide, and the commands of open actions. */
function commandFold(facts: Facts, actions: readonly ChecklistAction[]): Fold<CommandRow> | null {
  const proposed = commandsToRun(facts);
  const known = new Set(proposed.map(({ run }) => run.text));
  const own = actions.flatMap(({ number, title, run, done }) =>
    run === null || done !== null || known.has(run)
      ? []
      : [{ title: say`Action ${number}, ${prose(title)}:`, run: fence('bash', run) }],
  );
  const all = [...proposed, ...looking(facts), ...own];
  return fold(label`Commands to run: ${all.length}`, all);
}

/** Components of which the handoff says how to look at them. */
const lookedAt = 6;

/** For each component that is not well the command that reads it. */
function looking(facts: Facts): CommandRow[] {
  const bad = (['failing', 'degraded', 'unknown'] as const).flatMap((state) => componentsIn(facts, state));
  const rows = bad.flatMap((id): CommandRow[] => {
    const { state, evidence } = readingOf(facts, id);
    const source = evidence.flatMap((one) => facts.observation(one)?.source ?? []);
    const run = source
      .map(({ command }) => command)
      .find((command) => command?.startsWith('gcloud ') === true);
    if (run === undefined) return [];
    return [
      {
        title: say`To look at ${code(id)}, ${plain(state)} ${cite(evidence, fewIds)}:`,
        run: fence('bash', run),
      },
    ];
  });
  const first = new Map(rows.toReversed().map((row) => [row.run.text, row]));
  return rows.filter((row) => first.get(row.run.text) === row).slice(0, lookedAt);
}

function citedEvidence(facts: Facts, cited: ReadonlySet<string>): HandoffUpdate['folds']['evidence'] {
  const { snapshot } = facts;
  const observations = snapshot.observations.filter(({ id }) => cited.has(id));
  if (observations.length === 0) return null;
  return evidenceFold({ ...facts, snapshot: { ...snapshot, observations, series: [] } }, cited);
}
