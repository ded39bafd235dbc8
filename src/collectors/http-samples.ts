import type { HttpComponent } from '../config/repository.schema.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { Measured, Missed, Reading } from './collector.ts';
import { decimal } from './decimal.ts';
import type { ProbeAnswer } from './probe.ts';
import { ReadFailure } from './read-failure.ts';
import type { Sample } from './samples.ts';

/** What several samples of one endpoint come to. The worst decides: what was not answered is never passed over. */

interface Endpoint {
  id: string;
  component: HttpComponent;
  source: Source;
  now: Date;
  redact: (text: string) => Promise<string>;
}

const day = 86_400_000;

/** Longest foreign text that is kept of an answer, in characters. */
const longest = 300;

/**
 * @throws ReadFailure of the first sample where none was answered, and where one led to what is not granted
 */
export async function endpointReading(
  endpoint: Endpoint,
  samples: readonly Sample<ProbeAnswer>[],
): Promise<Reading> {
  const answers = samples.flatMap(({ answer }) => answer ?? []);
  const failures = samples.flatMap(({ failure }) => failure ?? []);
  const refused = failures.find(({ reason }) => reason === 'not-granted');
  const [first] = failures;
  if (refused) throw refused;
  if (answers.length === 0) {
    throw first ?? new ReadFailure('timeout', 'the time ended before a request could be made');
  }
  const base = { component: endpoint.id, unit: null, window: null, source: endpoint.source };
  const text = samplesInWords(answers, failures);
  const worst = worstOf(answers, endpoint.component);
  const isWrong = worst.status !== expectedStatus(endpoint.component);
  // With a wrong answer the endpoint is known to be wrong. With right ones only, those that are missing decide.
  const told = isWrong || first === undefined;
  return {
    observations: [
      ...(told ? [{ ...base, signal: signal.status, value: decimal(worst.status), text }] : []),
      ...latencies(answers, told).map((latency) => ({ ...base, ...latency, text })),
      { ...base, signal: signal.samples, value: String(samples.length), text },
      {
        ...base,
        signal: signal.samplesAlike,
        value: String(answers.filter(({ status }) => status === worst.status).length),
        text,
      },
      ...(await particulars(endpoint, answers)).map((found) => ({ ...base, ...found })),
    ],
    gaps: [...(told ? [] : missing(endpoint, first, text)), ...undecidedBody(endpoint, answers, text)],
  };
}

/** `2 of 3 answered 200, 1 of 3 no answer (timeout)`: the most frequent first. */
function samplesInWords(answers: readonly ProbeAnswer[], failures: readonly ReadFailure[]): string {
  const all = answers.length + failures.length;
  const outcomes = [
    ...answers.map(({ status }) => `answered ${status}`),
    ...failures.map(({ reason }) => `got no answer (${reason})`),
  ];
  return [...Map.groupBy(outcomes, (outcome) => outcome)]
    .toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([outcome, { length }]) => `${length} of ${all} ${outcome}`)
    .join(', ');
}

function expectedStatus({ expect }: HttpComponent): number {
  return expect?.status ?? 200;
}

/** An unexpected status before the expected one; among those the greatest, since 5xx weigh more than 4xx. */
function worstOf(answers: readonly ProbeAnswer[], component: HttpComponent): ProbeAnswer {
  const right = expectedStatus(component);
  const weight = ({ status }: ProbeAnswer): number => (status === right ? 0 : status);
  return answers.reduce((worst, next) => (weight(next) > weight(worst) ? next : worst));
}

type Found = Pick<Measured, 'signal' | 'value'> & { unit?: string };

/** The slowest is known only where all were answered, or where it does not matter any more. */
function latencies(answers: readonly ProbeAnswer[], told: boolean): (Found & { unit: string })[] {
  const sorted = answers.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return [
    ...(told ? [seconds(signal.latency, sorted.at(-1) ?? 0)] : []),
    seconds(signal.latencyMedian, median),
  ];
}

function seconds(name: string, ms: number): Found & { unit: string } {
  return { signal: name, value: decimal(ms / 1_000), unit: 's' };
}

/** What the answers say beside status and time. */
async function particulars(
  { component, now, redact }: Endpoint,
  answers: readonly ProbeAnswer[],
): Promise<Found[]> {
  const shown = async (text: string) => (await redact(text)).slice(0, longest);
  const redirects = distinct(answers.flatMap(({ redirect }) => redirect ?? []));
  const addresses = distinct(answers.flatMap((answer) => answer.addresses));
  const certificates = answers.flatMap(({ certificate }) => certificate ?? []);
  const first = certificates.toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))[0];
  const looked = component.expect?.contains !== undefined;
  const holds = new Set(answers.map(({ contains }) => contains));
  return [
    ...(await Promise.all(
      redirects.map(async (redirect) => ({ signal: signal.redirect, value: await shown(redirect) })),
    )),
    ...(looked && holds.has(false) ? [{ signal: signal.contains, value: 'false' }] : []),
    ...(looked && holds.size === 1 && holds.has(true) ? [{ signal: signal.contains, value: 'true' }] : []),
    ...(addresses.length > 0 ? [{ signal: signal.addresses, value: addresses.join(', ') }] : []),
    ...(first
      ? [
          { signal: signal.certificateEnd, value: first.expiresAt },
          {
            signal: signal.certificateDays,
            value: decimal(Math.floor((Date.parse(first.expiresAt) - now.getTime()) / day)),
            unit: 'days',
          },
          { signal: signal.certificateIssuer, value: await shown(first.issuer) },
        ]
      : []),
  ];
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}

/** No answer to one sample leaves status and time unknown, whatever the others say. */
function missing({ id, source }: Endpoint, failure: ReadFailure, words: string): Missed[] {
  const detail = `${words}: ${failure.detail}`;
  return [signal.status, signal.latency].map((name) => ({
    component: id,
    signal: name,
    reason: failure.reason,
    detail,
    source,
  }));
}

/** A body that did not end in time may yet hold the text. */
function undecidedBody(
  { id, source, component: { expect } }: Endpoint,
  answers: readonly ProbeAnswer[],
  words: string,
): Missed[] {
  const holds = new Set(answers.map(({ contains }) => contains));
  if (expect?.contains === undefined || holds.has(false) || !holds.has(null)) return [];
  const detail = `${words}; the body broke off, or had not ended in time, without the expected text`;
  return [{ component: id, signal: signal.contains, reason: 'timeout', detail, source }];
}
