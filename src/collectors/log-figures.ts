import { signal } from '../core/signals.ts';
import type { Source, Window } from '../core/snapshot.ts';
import type { Measured } from './collector.ts';
import { containerEnds } from './container-ends.ts';
import { countStarts, exitCode, isGoodStart } from './container-starts.ts';
import { connectSeconds } from './connect-time.ts';
import { decimal } from './decimal.ts';
import { errorSignatures } from './error-signatures.ts';
import type { Occurrence } from './error-signatures.ts';
import { errorLines } from '../core/log-text/exception-lines.ts';
import type { LogEntry } from './log-entry.schema.ts';

/** What is counted in the log entries of one component. */

/** Error signatures that are given of a component at most, the most frequent ones; the others are counted. */
const signatureCap = 15;

/** Connect times that are given of a revision at most, the newest ones; with more of them they are marked partial. */
const connectCap = 30;

/** Length of a sample, in characters. */
const sampleLength = 400;

const severe = new Set(['ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY']);
const noInstance = /no available instance/;

/** What an observation of these entries has in common. */
export interface LogScope {
  component: string;
  window: Window;
  source: Source;
  partial: boolean;
  redact: (text: string) => Promise<string>;
}

/** Counts "Container called exit(N)" by revision and code; exits with 0 are none of interest. */
export function exitFigures(entries: readonly LogEntry[], scope: LogScope): Measured[] {
  const exits = entries.flatMap((entry) => {
    const code = exitCode(entry.message);
    return code === null ? [] : [{ entry, code }];
  });
  const groups = Map.groupBy(exits, ({ entry, code }) => JSON.stringify([entry.revision, code]));
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const code = group[0]?.code ?? '';
      return counted(
        `${signal.exit}${code}`,
        group.map(({ entry }) => entry),
        scope,
      );
    });
}

/** Counts the containers that a signal ended, and those that used more memory than they may, by revision. */
export async function endFigures(entries: readonly LogEntry[], scope: LogScope): Promise<Measured[]> {
  const figures = containerEnds(entries).map(async ({ name, entries: own, sample }) => {
    const text = name === signal.memoryExceeded ? { text: await sampleOf(sample, [], scope) } : {};
    return counted(name, own, scope).map((figure) => ({ ...figure, ...text }));
  });
  return (await Promise.all(figures)).flat();
}

/** Starts of containers and those that became ready; nothing where Cloud Run wrote no such line. */
export function startFigures(entries: readonly LogEntry[], scope: LogScope): Measured[] {
  const counts = countStarts(entries);
  if (counts === null) return [];
  const base = { ...common(scope), unit: null };
  return [
    { ...base, signal: signal.starts, value: String(counts.starts) },
    { ...base, signal: signal.startsReady, value: String(counts.ready) },
  ];
}

/** The number of entries with severity ERROR or above. 0 is a measured 0: the log was read. */
export function errorCount(entries: readonly LogEntry[], scope: LogScope): Measured[] {
  const errors = entries.filter(({ severity }) => severe.has(severity));
  const [found] = counted(signal.logErrors, errors, scope, false);
  return [found ?? { ...common(scope), signal: signal.logErrors, value: '0', unit: 'entries' }];
}

/** An occurrence with the id of its signature. */
type Signed = Occurrence<LogEntry> & { signature: string };

/** What the entries of all services tell of errors, warnings of Cloud Run itself included. */
export type SignedEntries = ReadonlyMap<LogEntry, Signed>;

/** Finds the error signatures over all services at once, so that one failure has one id wherever it shows. */
export function signEntries(entries: readonly LogEntry[]): SignedEntries {
  const occurrences = entries.flatMap((entry): Occurrence<LogEntry>[] => {
    const told = severe.has(entry.severity) || (entry.severity === 'WARNING' && isRunWarning(entry));
    const found = told && exitCode(entry.message) === null ? errorLines(entry.message) : null;
    return found === null ? [] : [{ entry, ...found }];
  });
  return new Map(
    errorSignatures(occurrences).flatMap(({ id, occurrences: group }) =>
      group.map((occurrence) => [occurrence.entry, { ...occurrence, signature: id }] as const),
    ),
  );
}

/** One observation for each error signature and revision, the most frequent first, and one that counts the rest. */
export async function errorLineFigures(
  entries: readonly LogEntry[],
  scope: LogScope,
  signed: SignedEntries,
): Promise<Measured[]> {
  const own = entries.flatMap((entry) => signed.get(entry) ?? []);
  const groups = Map.groupBy(own, ({ signature, entry }) => JSON.stringify([signature, entry.revision]));
  const frequent = [...groups]
    .toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([, group]) => group);
  const figures = await Promise.all(
    frequent.slice(0, signatureCap).map((group) => signatureFigure(group, scope)),
  );
  return [...figures.flat(), ...restFigure(frequent.slice(signatureCap), scope)];
}

async function signatureFigure(group: readonly Signed[], scope: LogScope): Promise<Measured[]> {
  const [newest] = group;
  if (newest === undefined) return [];
  const text = await sampleOf(newest.line, newest.causes, scope);
  const frame = newest.frame === null ? null : await scope.redact(newest.frame);
  return counted(
    signal.logError,
    group.map(({ entry }) => entry),
    scope,
  ).map((figure) => ({
    ...figure,
    text,
    signature: newest.signature,
    ...(frame === null ? {} : { frame }),
  }));
}

function restFigure(groups: readonly (readonly Signed[])[], scope: LogScope): Measured[] {
  const entries = groups.flat().map(({ entry }) => entry);
  const signatures = new Set(groups.map(([first]) => first?.signature)).size;
  const text = `${String(signatures)} further error ${signatures === 1 ? 'line' : 'lines'}`;
  return counted(signal.logErrorRest, entries, scope, false).map((figure) => ({ ...figure, text }));
}

/** The connect times that lines of the application state, newest first. */
export async function connectFigures(entries: readonly LogEntry[], scope: LogScope): Promise<Measured[]> {
  const times = entries.flatMap((entry) => {
    const seconds = connectSeconds(entry.message);
    return seconds === null ? [] : [{ entry, seconds }];
  });
  const byRevision = Map.groupBy(times, ({ entry }) => entry.revision ?? '');
  const figures = [...byRevision]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) =>
      group
        .slice(0, connectCap)
        .map((time) => ({ ...time, partial: scope.partial || group.length > connectCap })),
    )
    .map(async ({ entry, seconds, partial }): Promise<Measured> => ({
      ...common({ ...scope, partial }),
      signal: signal.connectTime,
      value: decimal(seconds),
      unit: 's',
      text: await sampleOf(entry.message.split('\n', 1)[0] ?? '', [], scope),
      ...(entry.revision === null ? {} : { revision: entry.revision }),
      first: entry.at,
      last: entry.at,
    }));
  return Promise.all(figures);
}

function isRunWarning({ system, message }: LogEntry): boolean {
  return system ? !isGoodStart(message) : noInstance.test(message);
}

/** Redacted first, then cut: a secret must not lose the half by which it is known. */
async function sampleOf(line: string, causes: readonly string[], { redact }: LogScope): Promise<string> {
  const text = [line, ...causes.map((cause) => `caused by ${cause}`)].join('\n');
  const clean = await redact(text);
  return clean.length > sampleLength ? `${clean.slice(0, sampleLength)}…` : clean;
}

/** A count with its first and last time; of one revision if all entries are of that one. */
function counted(name: string, entries: readonly LogEntry[], scope: LogScope, byRevision = true): Measured[] {
  const times = entries.map(({ at }) => at).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return [];
  const revision = byRevision ? (entries[0]?.revision ?? null) : null;
  return [
    {
      ...common(scope),
      signal: name,
      value: String(entries.length),
      unit: 'entries',
      ...(revision === null ? {} : { revision }),
      first,
      last,
    },
  ];
}

function common({ component, window, source, partial }: LogScope) {
  return { component, window, source, ...(partial ? { partial } : {}) };
}
