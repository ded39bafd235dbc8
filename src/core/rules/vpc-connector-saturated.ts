import { onsetOf } from '../diagnose/onset.ts';
import type { Onset } from '../diagnose/onset.ts';
import { filterString, metricQuery } from '../diagnose/queries.ts';
import { signatureTowards } from '../diagnose/traversal.ts';
import { clock, list } from '../diagnose/wording.ts';
import { componentOf } from '../graph.ts';
import { latest, sortedIds, time } from '../observations.ts';
import { signal } from '../signals.ts';
import { isAway } from '../states/connector.ts';
import { readingOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import { connectorReadings, isAtMaximum, loadReadings, trafficRose } from './connector-readings.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { connectorHasRoom } from './refutations.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';
import { workingUsers } from './contrasts.ts';
import { beganInWindow, lostConnections, notPointedTo, sharedItem, usersList } from './users.ts';

/**
 * A connector runs all the instances that it may have, they are loaded, and what goes through it times out. Being
 * at the maximum alone is no failure: a small connector may run so for months.
 */
export const vpcConnectorSaturated: Rule = {
  id: 'vpc-connector-saturated',
  appliesTo: ['vpc-connector'],
  headline: '{component} full',
  question: 'Why do connections through {component} time out?',
  mechanism:
    'All instances of the connector run and carry what they can, so packets are dropped and connections to private addresses time out.',
  decides:
    'whether the throughput of {component}, minute by minute, is at the ceiling of its machine type while its users time out',
  query: throughputQuery,
  evidence: [
    { key: 'instances', need: 'required', telling: true, text: 'as many instances as it may have at most' },
    {
      key: 'load',
      need: 'required',
      text: 'CPU of 80 % or more, or a throughput of 80 % or more of what the instances are documented to carry',
    },
    {
      key: 'timeouts',
      need: 'required',
      text: 'connections to private addresses through it time out, for at least half of the failures of a service and of what is said of the way; waits for a pool of the program do not count',
    },
    { key: 'shared', need: 'expected', text: 'two or more services fail through it' },
    {
      key: 'none-works',
      need: 'expected',
      text: 'no service that goes through it works without such a time-out',
    },
    {
      key: 'traffic',
      need: 'expected',
      text: 'its traffic rose by a fifth or more against the hour before; where the connector had been full for an hour before the failures, the cause is at most probable without that',
    },
    {
      key: 'not-ready',
      need: 'forbidden',
      text: 'it is neither `READY` nor `UPDATING`: then it does not carry traffic, whatever its load was',
    },
  ],
  limits:
    'The ceilings of machine types are documented estimates. A connector that was full for an hour without harm, or whose traffic was not read, is at most probable.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const instances = isAtMaximum(found, component);
  if (instances === null) {
    return notIndicated(vpcConnectorSaturated, context, connectorHasRoom(found, component));
  }
  const load = loadReadings(found, component);
  const traffic = beganInWindow(context) ? trafficRose(found, component) : null;
  const wasFull = wasFullBefore(context);
  const timeouts = lostConnections(context);
  const state = latest(found.index, component, signal.state);
  const notReady = state !== undefined && isAway(state.value);
  const items = [
    item('instances', instances),
    item('load', load?.seen ?? [], load?.loaded ?? null),
    item('timeouts', timeouts),
    sharedItem(context),
    noneWorks(found, component),
    item(
      'traffic',
      traffic?.seen ?? [],
      traffic?.rose === false && !wasFull ? null : (traffic?.rose ?? null),
    ),
    item('not-ready', notReady ? [state] : [], notReady),
  ];
  const onset = onsetOf(found, component);
  const readings = connectorReadings(found, component, { traffic: traffic !== null });
  const clauses = (readings?.supporting ?? []).join(', ');
  const working = spared(found, component);
  const opposing = [
    ...(readings?.opposing ?? []),
    ...(working.length > 0 ? [`${list(working)} ${working.length === 1 ? 'works' : 'work'} through it`] : []),
  ];
  const against = opposing.length > 0 ? `; against it: ${opposing.join(', ')}` : '';
  const grew = traffic?.rose === true ? `, and its traffic rose: ${traffic.clauses.join(', ')}` : '';
  return {
    role: 'root',
    // It was full for long without harm, and whether more is asked of it since is not shown.
    ...(wasFull && traffic?.rose !== true ? { atMost: 'probable' as const } : {}),
    items,
    onset,
    share: null,
    steps: [
      whyOf(context, {
        because: `it is at its limit${sinceClause(context)}${grew}`,
        cause: {
          component,
          signal:
            traffic?.rose === true ? (traffic.seen[0]?.signal ?? signal.instancesMax) : signal.instancesMax,
        },
        evidence: [
          ...holding(items.filter(({ key }) => key === 'instances' || key === 'load' || key === 'traffic')),
          ...sinceEvidence(context),
        ],
      }),
    ],
    why:
      timeouts.length > 0 ? `${clauses}${against}` : `${clauses}, but ${doubtOf(context, onset)}${against}`,
    decidedBy: readings?.evidence ?? [],
    missing: [toDecide(vpcConnectorSaturated, context)],
  };
}

/** Services that go through it, work, and log no connection that failed on the way. */
function spared(found: Case, component: string): string[] {
  return workingUsers(found, component).filter((id) => signatureTowards(found, id, component).length === 0);
}

/** A connector that has nothing left to give drops packets of all services; one that is spared speaks against it. */
function noneWorks(found: Case, component: string): Item {
  const working = spared(found, component);
  const evidence = working.flatMap((id) => readingOf(found, id).evidence);
  return { key: 'none-works', holds: working.length === 0, evidence: sortedIds(evidence) };
}

/** Why what its users say is not laid to it. */
function doubtOf(context: RuleContext, onset: Onset | null): string {
  return context.incoming.length === 0
    ? notPointedTo(context, onset)
    : `most failures that ${usersList(context)} log are no time-outs`;
}

/** Since when it runs all that it may, as it was searched over the day, or within the window. */
function sinceOf({ found, component }: RuleContext): { at: string; id: string } | null {
  const since = latest(found.index, component, signal.instancesSince);
  if (since !== undefined && !Number.isNaN(time(since.value))) return { at: since.value, id: since.id };
  const instances = latest(found.index, component, signal.instances);
  return instances?.first === undefined ? null : { at: instances.first, id: instances.id };
}

/** Minutes for which a connector that was full did no harm, so that being full explains none. Expert setting. */
const harmlessMinutes = 60;

/** A first point this close to the beginning of the window is where the reading begins, not what it reads, ms. */
const cutAtWindow = 120_000;

/** Whether it was full for long before what fails towards it began to fail, or may have been. */
function wasFullBefore(context: RuleContext): boolean {
  const at = time(sinceOf(context)?.at ?? '');
  const isCut = Math.abs(at - time(context.found.index.window.from)) <= cutAtWindow;
  const isDated = latest(context.found.index, context.component, signal.instancesSince) !== undefined;
  const since = isCut && !isDated ? -Infinity : at;
  const effects = context.incoming.flatMap(({ edge }) => onsetOf(context.found, edge.from)?.at ?? []);
  return effects.length > 0 && !(Math.min(...effects) - since < harmlessMinutes * 60_000);
}

function sinceEvidence(context: RuleContext): string[] {
  const since = sinceOf(context);
  return since === null ? [] : [since.id];
}

function sinceClause(context: RuleContext): string {
  const since = sinceOf(context);
  return since === null
    ? ''
    : `, all instances in use since ${clock(since.at, context.found.index.takenAt)} UTC`;
}

function throughputQuery({ configuration, index }: Case, id: string): string {
  const component = componentOf(configuration, id);
  const name = component?.type === 'vpc-connector' ? component.name : id;
  return metricQuery(
    configuration,
    'vpcaccess.googleapis.com/connector/received_bytes_count',
    ` AND resource.labels.connector_name=${filterString(name)}`,
    index.takenAt,
    'ALIGN_RATE',
  );
}
