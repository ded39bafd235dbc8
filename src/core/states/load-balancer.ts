import { current, currentWithPrefix, latest, numberOf, time } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { ComponentState, Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';
import { degradedShare, errorsOf, failingShare } from './errors.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** Days before a certificate ends from which a load balancer is degraded. Expert setting. */
const endsSoonDays = 14;
const day = 86_400_000;

/** One thing that was seen of a load balancer, and the state that it stands for. */
interface Sign {
  state: ComponentState;
  why: string;
  seen: Observation[];
}

const gravity: readonly ComponentState[] = ['failing', 'degraded', 'healthy'];

/**
 * A load balancer is what the gravest of its signs is: certificates, the health of its groups, and the share of
 * requests that it answered 5xx. Healthy is shown only by requests, or by endpoints that Google finds healthy.
 */
export function loadBalancerState(id: string, index: Observations): StateReading {
  const signs = [...certificateSigns(id, index), ...groupSigns(id, index), ...requestSigns(id, index)];
  const worst = gravity.find((state) => signs.some((sign) => sign.state === state));
  if (worst === undefined) {
    const known = latest(index, id, signal.scheme);
    const signals = [signal.requests, signal.failedResponses];
    return known
      ? unread(index, id, signals, [known], 'configured, not shown to answer')
      : unread(index, id, 'any');
  }
  const deciding = signs.filter(({ state }) => state === worst);
  return reading(worst, deciding.map(({ why }) => why).join(', '), ...deciding.map(({ seen }) => seen));
}

/** A certificate in order shows nothing of the backends, and is no sign. */
function certificateSigns(id: string, index: Observations): Sign[] {
  const states = currentWithPrefix(index, id, signal.certificate).flatMap((seen): Sign[] => {
    const name = seen.signal.slice(signal.certificate.length);
    return /FAILED/.test(seen.value)
      ? [{ state: 'degraded', why: `certificate ${name} ${seen.value}`, seen: [seen] }]
      : [];
  });
  const ends = currentWithPrefix(index, id, signal.certificateExpires).flatMap((seen): Sign[] => {
    const name = seen.signal.slice(signal.certificateExpires.length);
    const left = time(seen.value) - time(index.takenAt);
    if (!(left < endsSoonDays * day)) return [];
    const ended = left <= 0;
    const why = `certificate ${name} ${ended ? 'ended' : 'ends'} ${seen.value.slice(0, 16)}`;
    return [{ state: ended ? 'failing' : 'degraded', why, seen: [seen] }];
  });
  return [...ends, ...states];
}

function groupSigns(id: string, index: Observations): Sign[] {
  const healthy = currentWithPrefix(index, id, signal.healthyEndpoints);
  const groups = healthy.flatMap((seen) => {
    const name = seen.signal.slice(signal.healthyEndpoints.length);
    const all = latest(index, id, `${signal.endpoints}${name}`);
    const [up, count] = [numberOf(seen), numberOf(all)];
    return all && up !== null && count !== null ? [{ up, count, seen: [seen, all] }] : [];
  });
  if (groups.length === 0) return [];
  const up = groups.reduce((sum, group) => sum + group.up, 0);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const state = up === 0 ? 'failing' : up < count ? 'degraded' : 'healthy';
  const why = `${up} of ${count} endpoints healthy`;
  return [{ state, why, seen: groups.flatMap(({ seen }) => seen) }];
}

function requestSigns(id: string, index: Observations): Sign[] {
  const errors = errorsOf(id, index);
  if (errors === null) return loggedSigns(id, index);
  const { share, why, observations } = errors;
  const state = share >= failingShare ? 'failing' : share >= degradedShare ? 'degraded' : 'healthy';
  const cause = state === 'healthy' ? [] : topCause(id, index);
  return [{ state, why: [why, ...cause.map(causeWords)].join(', '), seen: [...observations, ...cause] }];
}

/** Without the metric the log still shows failures; how many requests there were it does not say. */
function loggedSigns(id: string, index: Observations): Sign[] {
  return current(index, id, signal.failedResponses)
    .filter((seen) => (numberOf(seen) ?? 0) > 0)
    .map((seen) => ({
      state: 'degraded',
      why: [`${seen.value} failed answers logged`, ...topCause(id, index).map(causeWords)].join(', '),
      seen: [seen, ...topCause(id, index)],
    }));
}

function causeWords({ signal: name, value }: Observation): string {
  return `${value} logged as ${name.slice(signal.failedBy.length).replace('.', ' ')}`;
}

/** The cause of most failed answers, as the load balancer states it. */
function topCause(id: string, index: Observations): Observation[] {
  const [first, ...rest] = currentWithPrefix(index, id, signal.failedBy);
  if (!first) return [];
  return [rest.reduce((most, one) => ((numberOf(one) ?? 0) > (numberOf(most) ?? 0) ? one : most), first)];
}
