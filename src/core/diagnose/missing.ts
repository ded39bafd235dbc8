import type { Missing } from '../diagnosis.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { current, gapsOf, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import { gapPhrase } from '../states/reading.ts';
import { isAbnormal, stateOf } from './case.ts';
import type { Case } from './case.ts';
import type { Examination } from './hypotheses.ts';
import type { Hypothesis } from './weighing.ts';
import { describeQuery, logQuery } from './queries.ts';
import { serviceOf } from './service-links.ts';
import { missingOfService } from './service-missing.ts';
import { signatureTowards } from './traversal.ts';
import { code } from './wording.ts';

/** Queries that are named at most: a reader runs one or two. */
const most = 5;

/**
 * What would decide on the cause of a component that the walk reached and could not pass, the cheapest first: what
 * could not be read and is pointed to, then the component's own next query, then what its dependencies lack.
 */
export function missingAt(found: Case, component: string, examination: Examination): [Missing, ...Missing[]] {
  if (serviceOf(found, component)) return missingOfService(found, component);
  const pointed = unreadDependencies(found, component).filter(
    ({ to }) => signatureTowards(found, component, to).length > 0,
  );
  const [first, ...rest] = [...pointed, ...unreadDependencies(found, component)].map(
    ({ missing }) => missing,
  );
  const own = ownQuery(found, component, examination);
  const towards = abnormalDependencies(found, component);
  if (pointed.length > 0 && first) return [first, own, ...rest, ...towards];
  return [own, ...(first ? [first] : []), ...rest, ...towards];
}

/** Entries of requests, and Cloud Run's words for them, that tell that a request failed and not why. */
const onlyFailed = /^(?:HTTP \d{3}$|The request (?:failed|was aborted|has been terminated)\b)/;

/** What could not be read of the steps of journeys, where nothing is known to fail. */
export function missingStates(found: Case): Missing[] {
  const steps = found.journeys.flatMap((journey) => journey.steps.map((step) => step.component));
  const ids = [...new Set([...steps, ...Object.keys(found.configuration.components)])];
  return limited(ids.filter((id) => stateOf(found, id) === 'unknown').map((id) => stateQuery(found, id)));
}

/** What the leading hypotheses lack, for a cause that is probable, or unknown with hypotheses left. */
export function missingOf(hypotheses: readonly Hypothesis[]): Missing[] {
  return hypotheses.flatMap(({ indication }) => indication.missing);
}

/** The first few, each command once. */
export function limited(missing: readonly Missing[]): Missing[] {
  const commands = new Set<string>();
  return missing.filter(({ command }) => !commands.has(command) && commands.add(command)).slice(0, most);
}

function unreadDependencies(found: Case, component: string): { to: string; missing: Missing }[] {
  return dependenciesOf(found.graph, component)
    .filter(({ to }) => stateOf(found, to) === 'unknown')
    .map(({ to }) => ({ to, missing: stateQuery(found, to) }));
}

function stateQuery(found: Case, id: string): Missing {
  const [gap] = gapsOf(found.index, id);
  return {
    wouldDecide: `the state of ${code(id)}${gap ? ` (not read: ${gapPhrase(gap)})` : ''}`,
    command: gap?.source.command ?? describeQuery(found.configuration, id),
  };
}

/** Dependencies that are abnormal while nothing in the component's own errors points to them. */
function abnormalDependencies(found: Case, component: string): Missing[] {
  return dependenciesOf(found.graph, component)
    .filter(({ to }) => isAbnormal(found, to) && signatureTowards(found, component, to).length === 0)
    .map(({ to }) => ({
      wouldDecide: `whether ${code(component)} fails towards ${code(to)}`,
      command: logQuery(found.configuration, component),
    }));
}

/**
 * The next query about a component itself: what a rule would need that was neither refuted nor tested, or, of a
 * service whose log was read, where the error comes from that no rule knows.
 */
function ownQuery(found: Case, id: string, { hypotheses, notIndicated }: Examination): Missing {
  const component = componentOf(found.configuration, id);
  const [open] = [
    ...hypotheses
      .filter((one) => one.component === id && one.gates.notForbidden)
      .map(({ indication }) => indication),
    ...notIndicated
      .filter((one) => one.component === id && one.outcome.verdict !== 'refuted')
      .map(({ outcome }) => outcome),
  ].flatMap(({ missing }) => missing);
  if (component?.type === 'cloud-run') {
    const command = logQuery(found.configuration, id);
    const lines = current(found.index, id, signal.logError).toSorted(
      (a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0),
    );
    const known = lines.find(({ text = '' }) => !onlyFailed.test(text)) ?? lines[0];
    if (!known) return { wouldDecide: `what the errors of ${code(id)} say`, command };
    const said = known.text ?? known.value;
    return {
      wouldDecide: `where ${code(said)} of ${code(id)} comes from: no rule knows that error`,
      command,
    };
  }
  return (
    open ?? { wouldDecide: `why ${code(id)} answers so`, command: describeQuery(found.configuration, id) }
  );
}
