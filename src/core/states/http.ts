import type { HttpComponent } from '../../config/repository.schema.ts';
import { current, latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { durationSeconds } from './duration.ts';
import { figure, reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** Days before its end from which a certificate is spoken of. Expert setting. */
const certificateSoon = 14;

/**
 * An endpoint is healthy if all samples answered as expected and in time, degraded if as expected but late,
 * failing with any other status, body or redirect in one of them. A probe that got no answer is a gap, hence
 * unknown, also where others were answered.
 */
export function httpState(id: string, component: HttpComponent, index: Observations): StateReading {
  const status = latest(index, id, signal.status);
  if (!status) return unread(index, id, [signal.status]);
  const latency = latest(index, id, signal.latency);
  const seen = [status, ...(latency ? [latency] : [])];
  const answer = latency ? `${status.value} in ${figure(latency)}` : status.value;
  const expected = component.expect?.status ?? 200;
  if (numberOf(status) !== expected) {
    const [words, shown] = inSomeSamples(id, index);
    return reading('failing', `${answer}${words}`, seen, shown);
  }
  const content = contentState(id, component, index, answer, seen);
  if (content) return content;
  const seconds = numberOf(latency);
  if (!latency || seconds === null) return unread(index, id, [signal.latency], seen, answer);
  const limit = component.expect?.within ?? '10s';
  if (seconds > durationSeconds(limit))
    return reading('degraded', `${answer}, expected within ${limit}`, seen);
  const [words, shown] = certificateEnd(id, index);
  return reading('healthy', `${answer}${words}`, seen, shown);
}

/** How many samples had the worst status, where not all had it. */
function inSomeSamples(id: string, index: Observations): [string, Observation[]] {
  const made = latest(index, id, signal.samples);
  const alike = latest(index, id, signal.samplesAlike);
  if (!made || !alike || made.value === alike.value) return ['', []];
  return [`, in ${alike.value} of ${made.value} samples`, [made, alike]];
}

/** The state that body or redirect give, where they are not as expected; null where nothing is wrong with them. */
function contentState(
  id: string,
  { expect }: HttpComponent,
  index: Observations,
  answer: string,
  seen: readonly Observation[],
): StateReading | null {
  if (expect?.redirect !== undefined) {
    const redirects = current(index, id, signal.redirect);
    const isRight = redirects.length > 0 && redirects.every(({ value }) => value === expect.redirect);
    if (!isRight) return reading('failing', `${answer}, not redirected as expected`, seen, redirects);
  }
  if (expect?.contains === undefined) return null;
  const contains = latest(index, id, signal.contains);
  if (!contains) return unread(index, id, [signal.contains], seen, answer);
  if (contains.value === 'true') return null;
  return reading('failing', `${answer}, without the expected text`, seen, [contains]);
}

function certificateEnd(id: string, index: Observations): [string, Observation[]] {
  const days = latest(index, id, signal.certificateDays);
  const left = numberOf(days);
  if (!days || left === null || left >= certificateSoon) return ['', []];
  return [`, certificate ends in ${days.value} days`, [days]];
}
