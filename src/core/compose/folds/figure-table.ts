import { atLeast, clock, figure, share, timeWindow } from '../../figures.ts';
import { numberOf, sumOf } from '../../observations.ts';
import { expectedStatus } from '../../samples.ts';
import { signal } from '../../signals.ts';
import type { Observation } from '../../snapshot.ts';
import { code, ids, label, plain, type Plain, say, type Text } from '../../text.ts';
import type { FigureRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { metricsReach } from '../reading.ts';
import { signalWords } from '../signal-words.ts';
import { shortRevision } from '../values.ts';
import { fold } from './fold.ts';

const shown: ReadonlySet<string> = new Set([
  signal.requests,
  signal.serverErrors,
  signal.errorShare,
  signal.latencyMean,
  signal.latencyP50,
  signal.latencyP95,
  signal.latencyP99,
  signal.activeInstances,
  signal.instances,
  signal.instancesSince,
  signal.cpu,
  signal.backends,
  signal.logErrors,
  signal.logErrorShare,
  signal.connectTime,
  signal.sentBytes,
  signal.receivedBytes,
  signal.value,
  signal.valueHighest,
  signal.valueLowest,
  signal.entries,
  signal.throughput,
  signal.startupP95,
  signal.memoryExceeded,
]);

/** Figures of this window beside those of the window before: what rose, what fell, what stayed. */
export function figureFold(facts: Facts): Fold<FigureRow> | null {
  const { snapshot } = facts;
  const figures = snapshot.observations.filter(
    (found) => isShown(found) && (numberOf(found) !== null || found.signal === signal.instancesSince),
  );
  const series = [...Map.groupBy(figures, seriesOf).values()];
  const rows = series.flatMap((readings) => {
    const now = readings.filter(isNow);
    return now[0] === undefined
      ? []
      : [
          figureRow(
            now[0],
            now,
            readings.filter((found) => !isNow(found)),
            facts.seen,
          ),
        ];
  });
  const window = plain(timeWindow(snapshot.window, facts.seen));
  const reach = metricsReach(facts);
  return fold(
    reach === undefined
      ? label`Figures, ${window} and the hour before`
      : label`Figures, ${window} and the hour before, metrics reach to ${plain(clock(reach, facts.seen))}`,
    [...rows, ...errorEntries(facts), ...wrongAnswers(facts)],
  );

  function isNow(found: Observation): boolean {
    return found.window === null || Date.parse(found.window.to) > Date.parse(snapshot.window.from);
  }
}

function figureRow(
  of: Observation,
  now: readonly Observation[],
  before: readonly Observation[],
  seen: string,
): FigureRow {
  const revision = of.revision === undefined ? say`` : say` ${code(shortRevision(of.revision))}`;
  return {
    component: say`${code(of.component)}${revision}`,
    what: say`${signalWords(of.signal)}`,
    now: amount(now, seen),
    before: amount(before, seen),
    evidence: say`${ids([...now, ...before].map(({ id }) => id))}`,
  };
}

/** The reading; of several of the same kind, such as times to connect, their range and number. */
function amount(readings: readonly Observation[], seen: string): Text {
  const [first, second] = readings;
  if (first === undefined) return say`–`;
  if (first.signal === signal.instancesSince) return say`${plain(clock(first.value, seen))}`;
  if (second === undefined) return say`${written(first)}`;
  const sorted = readings.toSorted((a, b) => Number(a.value) - Number(b.value));
  return say`${written(sorted[0] ?? first)} to ${written(sorted.at(-1) ?? first)}, ${readings.length} readings`;
}

/** Error entries of all services together, and their share of all entries; none where one service has them all. */
function errorEntries(facts: Facts): FigureRow[] {
  const from = Date.parse(facts.snapshot.window.from);
  const named = (name: string): Observation[] =>
    facts.snapshot.observations.filter(
      (found) => found.signal === name && found.window !== null && Date.parse(found.window.to) > from,
    );
  const [counted, errors, entries] = [
    named(signal.logErrors),
    named(signal.logEntryErrors),
    named(signal.logEntries),
  ];
  const total = sumOf(counted);
  if (counted.length < 2 || total === null) return [];
  const [some, all] = [sumOf(errors), sumOf(entries)];
  const part =
    some === null || all === null || all === 0 ? say`` : say`, ${plain(share(some / all))} of all entries`;
  const bound = counted.some(({ partial }) => partial === true);
  return [
    {
      component: say`all services`,
      what: say`error entries`,
      now: say`${plain(atLeast(figure(String(total), null), bound))}${part}`,
      before: say`–`,
      evidence: say`${ids([...counted, ...errors, ...entries].map(({ id }) => id))}`,
    },
  ];
}

/** How often endpoints gave another answer than they should, by the samples of the window. */
function wrongAnswers({ configuration, snapshot }: Facts): FigureRow[] {
  const from = Date.parse(snapshot.window.from);
  return (snapshot.series ?? []).flatMap(({ id, component, signal: name, points }): FigureRow[] => {
    const wanted = name === signal.status ? expectedStatus(configuration, component) : null;
    const inWindow = points.filter(([at]) => Date.parse(at) >= from);
    if (wanted === null || inWindow.length === 0) return [];
    const wrong = inWindow.filter(([, value]) => value !== wanted).length;
    const what =
      configuration.components[component]?.type === 'websocket' ? say`handshakes refused` : say`wrong status`;
    return [
      {
        component: say`${code(component)}`,
        what,
        now: say`${wrong} of ${inWindow.length} samples`,
        before: say`–`,
        evidence: say`${ids([id])}`,
      },
    ];
  });
}

function written(found: Observation): Plain {
  return plain(atLeast(figure(found.value, found.unit), found.partial));
}

function isShown(found: Observation): boolean {
  const ends = [signal.exit, signal.terminated];
  return shown.has(found.signal) || ends.some((prefix) => found.signal.startsWith(prefix));
}

function seriesOf(found: Observation): string {
  return JSON.stringify([found.component, found.signal, found.revision ?? null]);
}
