import type { Case } from '../diagnose/case.ts';
import { failureKind, isLostOnTheWay, privateAddress } from '../diagnose/log-signatures.ts';
import { beganBefore } from '../diagnose/onset.ts';
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
import { risen } from './rise.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

/** A connection to an address, as drivers and the Cloud SQL connector word it: `dial tcp 34.1.2.3:3307: i/o timeout`. */
const addressed = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/;

/** Ports of Cloud SQL: of its proxy, of PostgreSQL and of MySQL. */
const databasePort = /(?::|\bport )(?:3307|5432|3306)\b/;

/** Minutes between the end of a change of the database and the failure that it may have set off. Expert setting. */
const soonMinutes = 15;

/**
 * Traffic to the database leaves by a way that does not lead there: to a private address without a connector or a
 * network, or to a public one through a network that has no way out.
 */
export const egressMisrouted: Rule = {
  id: 'egress-misrouted',
  appliesTo: ['cloud-run'],
  headline: '{component} has no way to its database',
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
      text: 'an operation of the database ended, or the revision came, at most 15 minutes before; otherwise the cause is at most probable, since the setting did no harm before',
    },
    {
      key: 'same-way',
      need: 'forbidden',
      text: 'another service reaches the same database by the same setting',
    },
    {
      key: 'arrives',
      need: 'forbidden',
      text: 'open connections of the database rose against the hour before: then connections arrive',
    },
  ],
  limits:
    'Whether a network has a NAT, and what its firewall lets through, is not read, so a way to a public address is at most probable. What an operation on the database changed is not read.',
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
  const peers = peersOf(context, databases, way);
  const change = changeBefore(context, databases, way.lines);
  const arriving = databases.flatMap((id) => arrives(found, id));
  const share = shareOfErrors(found, component, way.lines);
  const recent = recentRevision(context, way.lines);
  const onset = onsetOfWay(context, change, recent, way.lines);
  const items = [
    item('timeouts', way.lines),
    item('route', way.setting),
    { key: 'database-works', ...works },
    item('peer', peers.otherwise, peers.otherwise.length > 0 ? true : null),
    item('change', [...(change ? [change] : []), ...recent], change || recent.length > 0 ? true : null),
    item('same-way', peers.alike, peers.alike.length > 0),
    item('arrives', arriving, arriving.length > 0),
  ];
  const isNew = change !== null || recent.length > 0;
  const because = wayClause(way);
  return {
    role: 'root',
    ...(way.kind === 'public' || !isNew ? { atMost: 'probable' as const } : {}),
    items,
    onset,
    share,
    steps: [
      whyOf(context, {
        because,
        cause: { component, signal: way.setting[0]?.signal ?? signal.egress },
        evidence: holding(items.filter(({ key }) => key !== 'change' && key !== 'peer')),
        share,
      }),
      ...(change ? [triggerStep(context, way.setting, change)] : []),
    ],
    why: `${because}${doubtOf(context, { peers, arriving, works: works.holds, share, onset, isNew })}`,
    decidedBy: sortedIds([...evidenceIds(way.lines, way.setting, peers.alike, arriving), ...works.evidence]),
    missing: [toDecide(egressMisrouted, context)],
  };
}

interface Way {
  kind: 'private' | 'public';
  lines: Observation[];
  setting: Observation[];
}

/** The way that connections do not come by; null where nothing shows one. */
function wayOf({ found, component, connectionFailures }: RuleContext): Way | null {
  const connectors = inUse(found.index, component, signal.connector);
  const networks = inUse(found.index, component, signal.vpcNetwork);
  const serving = latest(found.index, component, signal.servingRevision)?.value;
  const lost = connectionFailures.filter(
    ({ text = '', revision }) =>
      isLostOnTheWay(text) && (serving === undefined || revision === undefined || revision === serving),
  );
  const toPrivate = lost.filter(({ text = '' }) => privateAddress.test(text));
  const isDetached =
    connectors.length > 0 && [...connectors, ...networks].every(({ value }) => value === 'none');
  if (toPrivate.length > 0 && isDetached) {
    return { kind: 'private', lines: toPrivate, setting: [...connectors, ...networks] };
  }
  const toPublic = lost.filter(
    ({ text = '' }) => addressed.test(text) && !privateAddress.test(text) && databasePort.test(text),
  );
  const all = inUse(found.index, component, signal.egress).filter(({ value }) => value === 'all-traffic');
  if (toPublic.length === 0 || all.length === 0) return null;
  return { kind: 'public', lines: toPublic, setting: all };
}

function wayClause({ kind, lines }: Way): string {
  const [line] = lines;
  const said = line ? ` (${excerpt(line, addressed)}, ${timesOf(lines)})` : '';
  return kind === 'private'
    ? `its connections to a private address time out${said}, and no connector or network is attached to it`
    : `its connections to a public address time out${said}, and all its traffic leaves through the network (egress ${code('all-traffic')})`;
}

/** Settings of services that need a database of this one and work: set as it is, or otherwise. */
interface Peers {
  alike: Observation[];
  otherwise: Observation[];
}

function peersOf({ found, component }: RuleContext, databases: readonly string[], way: Way): Peers {
  const names =
    way.kind === 'private' ? [signal.connector, signal.vpcNetwork] : [signal.egress, signal.connector];
  const settingOf = (id: string) => names.map((name) => inUse(found.index, id, name));
  const own = valuesOf(settingOf(component));
  const settings = databases
    .flatMap((database) => workingPeers(found, component, database))
    .map(settingOf)
    .filter(([first]) => first !== undefined && first.length > 0);
  const isAlike = (seen: Observation[][]) => valuesOf(seen) === own;
  return {
    alike: way.kind === 'public' ? settings.filter(isAlike).flat(2) : [],
    otherwise: settings.filter((seen) => !isAlike(seen)).flat(2),
  };
}

/** Values of settings as a text that is equal for equal ones. */
function valuesOf(seen: readonly (readonly Observation[])[]): string {
  return JSON.stringify(seen.map((some) => some.map(({ value }) => value).toSorted()));
}

/** What speaks against it, as the end of a sentence. */
function doubtOf(
  { component, onset: effect }: RuleContext,
  read: {
    peers: Peers;
    arriving: readonly Observation[];
    works: boolean | null;
    share: number | null;
    onset: Onset | null;
    isNew: boolean;
  },
): string {
  const [alike] = read.peers.alike;
  if (alike) return `; but ${code(alike.component)} reaches the database by the same setting`;
  const [now, was] = read.arriving;
  if (now && was) return `; but connections arrive: ${now.value} are open, ${was.value} in the hour before`;
  if (beganBefore(read.onset, effect) === false) return `; but only after ${code(component)} failed`;
  if (read.works !== true)
    return `; but the database ${read.works === null ? 'was not read' : 'does not run as it should'}`;
  if (read.share !== null && read.share < 0.5) return '; but that is less than half of its failures';
  return read.isNew ? '' : '; but nothing is seen that changed before';
}

/** The time of the serving revision, where it came shortly before the connections failed. */
function recentRevision(
  { found, component, onset }: RuleContext,
  lines: readonly Observation[],
): Observation[] {
  const firsts = lines.flatMap(({ first }) => (first === undefined ? [] : [time(first)]));
  const began = Math.min(onset?.at ?? Infinity, ...firsts);
  return inUse(found.index, component, signal.deployedAt).filter(
    ({ value }) => began - time(value) <= soonMinutes * 60_000,
  );
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
  recent: readonly Observation[],
  lines: readonly Observation[],
): Onset | null {
  const times = [
    ...(change?.first === undefined ? [] : [{ instant: change.first, id: change.id }]),
    ...(change ? [] : recent.map(({ value, id }) => ({ instant: value, id }))),
  ];
  const [known] = times;
  if (!known) return onsetOfLogs(context, lines);
  const at = time(known.instant);
  return { at, earliest: at, latest: at, evidence: [known.id] };
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
  return now && was && open !== null && earlier !== null && earlier > 0 && open > earlier * risen
    ? [now, was]
    : [];
}
