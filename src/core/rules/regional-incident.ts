import { eventsFor } from '../diagnose/regional-events.ts';
import { statedOnset } from '../diagnose/onset.ts';
import { takesInstanceAway } from '../diagnose/operations.ts';
import { describeQuery } from '../diagnose/queries.ts';
import { clock, code, list } from '../diagnose/wording.ts';
import { componentOf, dependenciesOf, inUse } from '../graph.ts';
import { current, evidenceIds, time } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { regionWorks } from './refutations.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';
import { connectionsOfUsers, lateClause, notPointedTo, saidByUsers, users, usersList } from './users.ts';
import type { Case } from '../diagnose/case.ts';

/** Google itself reports an incident of a product in the region, and that is how the failure looks. */
export const regionalIncident: Rule = {
  id: 'regional-incident',
  appliesTo: ['google-region'],
  headline: 'incident of Google Cloud in {component}',
  question: 'What does Google report of {component}?',
  mechanism:
    'A product of Google Cloud fails in the region; what runs on it fails, whatever its own settings.',
  decides: 'whether Google Cloud reports an incident that overlaps the onset',
  query: (found, component) => describeQuery(found.configuration, component),
  evidence: [
    {
      key: 'event',
      need: 'required',
      telling: true,
      text: 'an event that goes on, of the product that fails and of this region',
    },
    {
      key: 'signature',
      need: 'required',
      text: 'what fails says so itself: Cloud Run did not start or find instances below the maximum, for at least half of the failures of a service',
    },
    {
      key: 'unrelated',
      need: 'expected',
      text: 'two or more services that share no revision, connector or database fail at the same time',
    },
    {
      key: 'impacted',
      need: 'expected',
      text: 'Google has verified that the project is affected (`IMPACTED`), or calls it an outage',
    },
    { key: 'at-maximum', need: 'forbidden', text: 'a service that fails so runs its maximum of instances' },
  ],
  limits:
    'It rests on what Google reports, which may come late or not at all. Other regions are not compared.',
  outranksDependencies: true,
  goesBehind: ['vpc-connector-unavailable', 'cloudsql-unavailable'],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const active = current(found.index, component, signal.event).filter(
    ({ value }) => value.startsWith('ACTIVE') && value !== 'ACTIVE NOT_IMPACTED',
  );
  if (active.length === 0) return notIndicated(regionalIncident, context, regionWorks(found, component));
  const failing = users(context);
  const events = [...new Set(failing.flatMap((id) => eventsFor(found, id, component)))];
  const said = saidByUsers(context).filter((seen) => !events.includes(seen));
  const lines = said.length > 0 ? said : saidByUsers(context);
  const full = failing.filter((id) => maximumOf(found, id).length > 0);
  const items = [
    item('event', events.length > 0 ? events : active, events.length > 0),
    item('signature', lines),
    unrelated(context),
    impacted(events),
    item(
      'at-maximum',
      full.flatMap((id) => maximumOf(found, id)),
      full.length > 0 || (isCounted(found, failing) ? false : null),
    ),
  ];
  const shown = events.length > 0 ? events : active;
  const onset = statedOnset(shown);
  const clause = shown.map((one) => eventClause(one, found.index.takenAt)).join('; ');
  const doubt =
    failing.length === 0
      ? `, but ${notPointedTo(context, onset)}`
      : full.length > 0
        ? `, but ${list(full)} ${full.length === 1 ? 'runs its' : 'run their'} maximum of instances`
        : lateClause(context, onset);
  return {
    role: 'root',
    ...(takenAway(context) ? { atMost: 'probable' as const } : {}),
    items,
    onset,
    share: null,
    steps: [
      whyOf(context, {
        because: `Google reports ${clause}`,
        cause: { component, signal: signal.event },
        evidence: holding(items.filter(({ key }) => key === 'event' || key === 'impacted')),
      }),
    ],
    why: `Google reports ${clause}${doubt === '' ? `, and ${usersList(context)} ${failing.length === 1 ? 'shows' : 'show'} it` : doubt}`,
    decidedBy: evidenceIds(shown),
    missing: [toDecide(regionalIncident, context)],
  };
}

/** Services that share nothing but the region: no one of them is what makes the others fail. */
function unrelated(context: RuleContext): Item {
  const { found } = context;
  const services = users(context);
  const apart = services.some((one) =>
    services.some((other) => one !== other && !shareAnything(found, one, other)),
  );
  const evidence = apart ? evidenceIds(saidByUsers(context), connectionsOfUsers(context)) : [];
  return { key: 'unrelated', holds: services.length === 0 ? null : apart, evidence };
}

function shareAnything(found: Case, one: string, other: string): boolean {
  const needs = (id: string): string[] =>
    dependenciesOf(found.graph, id)
      .map(({ to }) => to)
      .filter((to) => componentOf(found.configuration, to)?.type !== 'google-region');
  const ofOne = new Set([one, ...needs(one)]);
  return [other, ...needs(other)].some((id) => ofOne.has(id));
}

function impacted(events: readonly Observation[]): Item {
  const verified = events.filter(({ value }) => /\bIMPACTED$|SERVICE_OUTAGE/.test(value));
  return item('impacted', verified, events.length === 0 ? null : verified.length > 0);
}

/** The revisions in use that ran as many instances as they may, each with its limit. */
function maximumOf({ index }: Case, id: string): Observation[] {
  return instancesOf(index, id).flatMap(({ highest, limit }) =>
    Number(highest.value) >= Number(limit.value) ? [highest, limit] : [],
  );
}

function instancesOf(index: Observations, id: string): { highest: Observation; limit: Observation }[] {
  const limits = inUse(index, id, signal.scalingMax);
  return inUse(index, id, signal.activeInstancesMax).flatMap((highest) => {
    const limit = limits.find(({ revision }) => revision === highest.revision) ?? limits[0];
    return limit ? [{ highest, limit }] : [];
  });
}

/** Whether the instances of all services among some components were read, with their limits. */
function isCounted(found: Case, ids: readonly string[]): boolean {
  return ids
    .filter((id) => componentOf(found.configuration, id)?.type === 'cloud-run')
    .every((id) => instancesOf(found.index, id).length > 0);
}

/** An operation of the window took a database away: that explains its failure without the event. */
function takenAway({ found, incoming }: RuleContext): boolean {
  const { takenAt, window } = found.index;
  return incoming.some(({ edge }) =>
    current(found.index, edge.from, signal.operation).some(
      ({ value, last }) => takesInstanceAway(value) && time(last ?? takenAt) >= time(window.from),
    ),
  );
}

function eventClause({ value, text = '', first }: Observation, now: string): string {
  const since = first === undefined ? '' : ` since ${clock(first, now)} UTC`;
  return `${code(text)}, ${code(value)}${since}`;
}
