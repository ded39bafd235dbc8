import type { Case } from '../diagnose/case.ts';
import { failureKind, privateAddress } from '../diagnose/log-signatures.ts';
import { earliestOf } from '../diagnose/onset.ts';
import type { Onset } from '../diagnose/onset.ts';
import { logQuery } from '../diagnose/queries.ts';
import { clock, code } from '../diagnose/wording.ts';
import { componentOf, dependenciesOf, inUse } from '../graph.ts';
import { before, current, evidenceIds, latest, numberOf, sortedIds, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { workingPeers, worksForOthers } from './contrasts.ts';
import { excerpt, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone, privatePathTaken } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

/** A connection to an address, as drivers and the Cloud SQL connector word it: `dial tcp 34.1.2.3:3307: i/o timeout`. */
const addressed = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/;

/** Minutes between the end of a change of the database and the failure that it may have set off. Expert setting. */
const soonMinutes = 15;

/**
 * Traffic to the database leaves by a way that does not lead there: to a private address without a connector or a
 * network, or to a public one through a network that has no way out.
 */
export const egressMisrouted: Rule = {
  id: 'egress-misrouted',
  appliesTo: ['cloud-run'],
  question: 'Which way do the connections of {component} take?',
  mechanism:
    'A private address is reached through a connector or a network only, and with egress all-traffic a public one only through NAT; without that, connections time out.',
  decides: 'whether {component} times out towards an address that its egress does not lead to',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"dial tcp|i/o timeout|no such host|EAI_AGAIN"'),
  evidence: [
    {
      key: 'timeouts',
      need: 'required',
      telling: true,
      text: 'connections to a private address time out where no connector and no network is attached; or to a public address with egress `all-traffic` (then at most probable: whether there is a NAT is not read)',
    },
    { key: 'route', need: 'required', text: 'the setting of the serving revision that does not lead there' },
    { key: 'database-works', need: 'required', text: 'the database runs, by its own metrics' },
    { key: 'peer', need: 'expected', text: 'another service reaches the same database the right way' },
    {
      key: 'change',
      need: 'expected',
      text: 'a change of the database or the revision ended shortly before',
    },
    {
      key: 'arrives',
      need: 'forbidden',
      text: 'open connections of the database rose against the hour before: then connections arrive',
    },
  ],
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const way = wayOf(context);
  if (way === null) {
    const none = context.connectionFailures.every(({ text = '' }) => failureKind(text) === 'refused');
    return notIndicated(
      egressMisrouted,
      context,
      privatePathTaken(found, component) ??
        (none ? logHasNone(found, component, 'no connection that timed out') : null),
    );
  }
  const databases = dependenciesOf(found.graph, component)
    .map(({ to }) => to)
    .filter((to) => componentOf(found.configuration, to)?.type === 'cloud-sql');
  const works = worksForOthers(found, databases);
  const [database] = databases;
  const peers = database === undefined ? [] : workingPeers(found, component, database);
  const change = changeBefore(context, databases, way.lines);
  const arriving = databases.flatMap((id) => arrives(found, id));
  const share = shareOfErrors(found, component, context.connectionFailures);
  const items = [
    item('timeouts', way.lines),
    item('route', way.setting),
    { key: 'database-works', ...works },
    {
      key: 'peer',
      holds: peers.length > 0 ? true : null,
      evidence: sortedIds(
        peers.flatMap((id) => inUse(found.index, id, signal.connector).map((seen) => seen.id)),
      ),
    },
    item('change', change ? [change] : [], change ? true : null),
    item('arrives', arriving, arriving.length > 0),
  ];
  const [line] = way.lines;
  const said = line ? ` (${excerpt(line, addressed)}, ${timesOf(way.lines)})` : '';
  return {
    role: 'root',
    ...(way.kind === 'public' ? { atMost: 'probable' as const } : {}),
    items,
    onset: onsetOfWay(context, change, way.lines),
    share,
    steps: [
      whyOf(context, {
        because: `${way.clause}${said}`,
        cause: { component, signal: way.setting[0]?.signal ?? signal.egress },
        evidence: holding(items.filter(({ key }) => key !== 'change')),
        share,
      }),
      ...(change ? [triggerStep(context, way.setting, change)] : []),
    ],
    why: `${way.clause}${said}`,
    decidedBy: evidenceIds(way.lines, way.setting),
    missing: [toDecide(egressMisrouted, context)],
  };
}

interface Way {
  kind: 'private' | 'public';
  clause: string;
  lines: Observation[];
  setting: Observation[];
}

/** The way that connections do not come by; null where nothing shows one. */
function wayOf({ found, component, connectionFailures }: RuleContext): Way | null {
  const connectors = inUse(found.index, component, signal.connector);
  const networks = inUse(found.index, component, signal.vpcNetwork);
  const toPrivate = connectionFailures.filter(({ text = '' }) => privateAddress.test(text));
  const detached = connectors.length > 0 && connectors.every(({ value }) => value === 'none');
  if (toPrivate.length > 0 && detached && networks.every(({ value }) => value === 'none')) {
    return {
      kind: 'private',
      clause: 'its connections to a private address time out, and no connector or network is attached to it',
      lines: toPrivate,
      setting: [...connectors, ...networks],
    };
  }
  const toPublic = connectionFailures.filter(
    ({ text = '' }) =>
      addressed.test(text) && !privateAddress.test(text) && /:(?:3307|5432|3306)\b/.test(text),
  );
  const all = inUse(found.index, component, signal.egress).filter(({ value }) => value === 'all-traffic');
  if (toPublic.length === 0 || all.length === 0) return null;
  return {
    kind: 'public',
    clause: `its connections to a public address time out, and all its traffic leaves through the network (egress ${code('all-traffic')})`,
    lines: toPublic,
    setting: all,
  };
}

/** An operation of a database that had ended, or a deployment that came, shortly before the connections failed. */
function changeBefore(
  { found, onset }: RuleContext,
  databases: readonly string[],
  lines: readonly Observation[],
): Observation | null {
  const firsts = lines.flatMap(({ first }) => (first === undefined ? [] : [time(first)]));
  const began = Math.min(onset?.at ?? Infinity, ...firsts);
  const operations = databases.flatMap((id) => current(found.index, id, signal.operation));
  const near = operations.filter(({ first, last, value }) => {
    if (first === undefined || !/^(?:UPDATE|RESTART|MAINTENANCE|FAILOVER)\b/.test(value)) return false;
    const end = time(last ?? first);
    return time(first) <= began + 60_000 && began - end <= soonMinutes * 60_000;
  });
  return near.at(-1) ?? null;
}

function onsetOfWay(
  context: RuleContext,
  change: Observation | null,
  lines: readonly Observation[],
): Onset | null {
  if (change?.first !== undefined) {
    const at = time(change.first);
    return { at, earliest: at, latest: at, evidence: [change.id] };
  }
  const { found, component } = context;
  const deployed = inUse(found.index, component, signal.deployedAt).filter(
    ({ value }) => !Number.isNaN(time(value)),
  );
  const born = deployed.map((seen): Onset => {
    const at = time(seen.value);
    return { at, earliest: at, latest: at, evidence: [seen.id] };
  });
  return earliestOf([...born, onsetOfLogs(context, lines)]);
}

function triggerStep(
  { found, component }: RuleContext,
  setting: readonly Observation[],
  change: Observation,
) {
  const now = found.index.takenAt;
  const [type = change.value] = change.value.split(' ');
  const end = change.last === undefined ? '' : ` to ${clock(change.last, now)}`;
  return {
    question: 'Why did it begin then?',
    answer: `Because operation ${code(type)} of ${code(change.component)} ran from ${clock(change.first ?? now, now)}${end} UTC, just before; what it changed is not read, so that is correlated only.`,
    effect: { component, signal: setting[0]?.signal ?? signal.egress },
    cause: { component: change.component, signal: signal.operation },
    edge: 'change',
    evidence: [change.id],
    share: null,
    confidence: 'probable' as const,
  };
}

/** More connections are open than in the hour before, while this service says that it gets none. */
function arrives({ index }: Case, id: string): Observation[] {
  const now = latest(index, id, signal.backends);
  const [was] = before(index, id, signal.backends);
  const [open, earlier] = [numberOf(now), numberOf(was)];
  return now && was && open !== null && earlier !== null && earlier > 0 && open > earlier * 1.2
    ? [now, was]
    : [];
}
