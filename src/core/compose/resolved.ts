import { durationOf, age, clock, later, span } from '../figures.ts';
import { milestones, type Milestone } from '../incident/milestones.ts';
import type { IncidentState } from '../incident/state.ts';
import { cite, code, issue, join, mention, plain, prose, say, type Text } from '../text.ts';
import type { ResolutionUpdate } from '../update.ts';
import { causeWords, withShortRevisions } from './cause-lines.ts';
import { componentsIn, type Facts, fewIds, readingOf } from './facts.ts';
import type { Judged } from './judged.ts';
import { below, type Call, metLine, notConfigured } from './resolution.ts';

/** Parts named in one line; what is beyond is counted, and stands in the timeline. */
const shown = 3;

/**
 * The last update of an incident: how long everything took, what it was, what was done, on what evidence it is called
 * resolved and what was passed over, what is still wrong, and until when Sitrep watches.
 */
export function composeGranted(
  facts: Facts,
  state: IncidentState,
  judged: Judged,
  call: Call,
  overridden: Judged['readings'],
): ResolutionUpdate {
  const { seen } = facts;
  const severity = state.severity === null ? say`Incident` : say`${plain(state.severity)}`;
  const lasted = state.declared === null ? say`` : say` after ${plain(age(state.declared.at, seen))}`;
  const again = state.regression === null ? say`` : say`; regression of ${issue(state.regression.of)}`;
  const headline = say`✅ ${severity} resolved${lasted}${again} (${mention(call.by)}, ${plain(clock(seen, seen))} UTC)`;
  const met = judged.readings.filter(({ result }) => result === 'met');
  const lines = [
    timesLine(facts, state, call),
    causeLine(facts, state),
    fixLine(facts, state),
    ...notConfigured(judged),
    ...(met.length === 0 ? [] : [metLine(met)]),
    ...overriddenLine(overridden, call),
    ...lingeringLine(facts, state),
    watchLine(facts),
    nextLine(facts, call),
  ];
  return { kind: 'resolution', headline, lines, ...below(facts, judged, [headline, lines]) };
}

function timesLine({ snapshot, seen }: Facts, state: IncidentState, { by }: Call): Text {
  const steps = milestones(snapshot.record ?? [], state, { at: seen, by });
  return say`**Times:** ${join(
    steps.map((step) => milestoneWords(step, seen)),
    say` → `,
  )}`;
}

const lengths = {
  began: say`began`,
  declared: say`to detect`,
  acknowledged: say`to acknowledge`,
  mitigated: say`to mitigate`,
  resolved: say`to resolve`,
};

/** `acknowledged 17:21, 6 min to acknowledge (recorded, @dana)`; unknown where the record does not tell. */
function milestoneWords({ step, at, by, evidence, afterMs }: Milestone, seen: string): Text {
  if (at === null) {
    if (step === 'began') return say`began: unknown, no reading tells`;
    return step === 'acknowledged' ? say`acknowledged by nobody` : say`${plain(step)}: not recorded`;
  }
  const length = afterMs === null ? say`` : say`, ${plain(span(afterMs))} ${lengths[step]}`;
  const source = by === null ? say`${cite(evidence, fewIds)}` : say`(recorded, ${person(by)})`;
  return say`${plain(step)} ${plain(clock(at, seen))}${length} ${source}`;
}

/** `sitrep` stands for Sitrep itself, and may be a stranger's login. */
function person(login: string): Text {
  return login === 'sitrep' ? say`Sitrep` : say`${mention(login)}`;
}

/** The last cause that a look found; what people said of it beside it. */
function causeLine({ snapshot }: Facts, { whys }: IncidentState): Text {
  const found = (snapshot.record ?? []).flatMap(({ body }) => (body.kind === 'cause' ? [body] : [])).at(-1);
  const said = whys.findLast(({ why }) => why.act !== 'refute');
  const stated = said === undefined ? say`` : say` “${prose(said.why.reason)}” (stated, ${mention(said.by)})`;
  if (found === undefined)
    return said === undefined
      ? say`**Cause:** unknown. No look found one, and nobody stated one.`
      : say`**Cause,** not measured:${stated}`;
  const { verdict, component, cause, evidence } = found;
  return say`**Cause, ${plain(verdict)}:** ${code(component)}: ${plain(causeWords(cause))} ${cite(evidence, fewIds)}${stated}`;
}

/** What changed since the declaration, as it was read, and what people say they did. */
function fixLine({ snapshot, seen }: Facts, { declared, actions }: IncidentState): Text {
  const from = Date.parse(declared?.at ?? seen);
  const changed = (snapshot.record ?? []).flatMap(({ body, at }) =>
    body.kind === 'change' && fixing.has(body.change) && Date.parse(at) >= from ? [{ ...body, at }] : [],
  );
  const done = actions.flatMap(({ title, done: end }) => (end === null ? [] : [{ title, ...end }]));
  if (changed.length === 0 && done.length === 0)
    return say`**Fix:** unknown. No change was read since the declaration, and no action was ticked.`;
  const measured = changed
    .slice(-shown)
    .map(
      ({ component, title, at, evidence }) =>
        say`${code(component)} ${prose(withShortRevisions(title))} ${plain(clock(at, seen))} ${cite(evidence, fewIds)}`,
    );
  const stated = done
    .slice(-shown)
    .map(({ title, by, at }) => say`${prose(title)} ${plain(clock(at, seen))} (stated, ${mention(by)})`);
  const all = [...measured, ...stated];
  const more = changed.length + done.length - all.length;
  const rest = more > 0 ? say` and ${more} more` : say``;
  return say`**Changed or done since:** ${join(all, say`; `)}${rest}`;
}

/** Changes of what runs; a commit alone changes nothing of it. */
const fixing: ReadonlySet<string> = new Set(['revision', 'operation', 'deployment']);

/** What was passed over and why; how each of it stands is below. */
function overriddenLine(overridden: Judged['readings'], { by, override }: Call): Text[] {
  if (overridden.length === 0) return [];
  const titles = join(
    overridden.map(({ title }) => prose(title)),
    say`; `,
  );
  return [say`**Overridden:** ${titles}. **Reason:** ${prose(override ?? '')} (stated, ${mention(by)})`];
}

/** What is not as it should be, although the incident is over. */
function lingeringLine(facts: Facts, { actions }: IncidentState): Text[] {
  const bad = (['failing', 'degraded', 'unknown'] as const).flatMap((state) =>
    componentsIn(facts, state).map((id) => {
      const { why, evidence } = readingOf(facts, id);
      const reason = why === '' ? say`` : say`: ${prose(why)}`;
      return say`${code(id)} ${plain(state)}${reason} ${cite(evidence, fewIds)}`;
    }),
  );
  const open = actions.filter(({ done, planned }) => done === null && !planned);
  const more = bad.length > shown ? say` and ${bad.length - shown} more` : say``;
  return [
    ...(bad.length === 0 ? [] : [say`**Still not healthy:** ${join(bad.slice(0, shown), say`; `)}${more}`]),
    ...(open.length === 0
      ? []
      : [
          say`**Still open:** ${join(
            open.slice(0, shown).map(({ title }) => prose(title)),
            say`; `,
          )}${open.length > shown ? say` and ${open.length - shown} more` : say``}`,
        ]),
  ];
}

function watchLine({ configuration, seen }: Facts): Text {
  const length = durationOf(configuration.resolution.relapse) ?? 0;
  const until = plain(clock(later(seen, length), seen));
  return say`**Watched until ${until}:** if what holds now fails, or a journey is blocked, the incident is opened again.`;
}

function nextLine({ configuration }: Facts, { byHand }: Call): Text {
  const closing = !byHand && configuration.resolution.close_issue ? say`I close the issue. ` : say``;
  return say`${closing}Checkpoints end. ${code('/sitrep postmortem')} writes the postmortem; ${code('/sitrep reopen')} opens the incident again.`;
}
