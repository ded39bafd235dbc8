import type { LogEntry } from './log-entry.schema.ts';

/** Starts of containers, as Cloud Run's own log lines tell them. */
export interface Starts {
  /** All, whether they became ready or not. */
  starts: number;
  ready: number;
}

/** An exit so soon after the startup probe means that the start came to nothing. Milliseconds; an expert setting. */
const soon = 10_000;

const lines = {
  started: /^Starting new instance\b/,
  succeeded: /\bSTARTUP \w{2,5} probe succeeded\b/,
  failed: /\bSTARTUP \w{2,5} probe failed\b/,
  exited: /Container called exit\((?!0\))\d{1,3}\)/,
} as const;

/** Whether a line only tells of a start that goes well. */
export function isGoodStart(message: string): boolean {
  return lines.started.test(message) || lines.succeeded.test(message);
}

/** The exit code of a container that ended with an error; null for any other line. */
export function exitCode(message: string): string | null {
  return /Container called exit\((\d{1,3})\)/.exec(message)?.[1]?.replace(/^0+$/, '') || null;
}

/** Counts the starts in the lines of one service; null where there is no such line. */
export function countStarts(entries: readonly LogEntry[]): Starts | null {
  const own = entries.filter(({ system }) => system).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const counts = [...Map.groupBy(own, ({ revision }) => revision).values()].map(countOfRevision);
  const sum = (of: keyof Starts) => counts.reduce((all, count) => all + count[of], 0);
  return sum('starts') === 0 ? null : { starts: sum('starts'), ready: sum('ready') };
}

/**
 * Goes through the lines of one revision in time. A port that opens before the application is up lets the probe
 * succeed just before the exit: such a start failed. A failed start has a line of the probe, or an exit, or both;
 * so the more frequent of the two counts.
 */
function countOfRevision(entries: readonly LogEntry[]): Starts {
  const good: number[] = [];
  let [started, failedProbes, failedByExit] = [0, 0, 0];
  let atWork = 0;
  for (const { at, message } of entries) {
    const time = Date.parse(at);
    if (lines.started.test(message)) started += 1;
    else if (lines.succeeded.test(message)) good.push(time);
    else if (lines.failed.test(message)) failedProbes += 1;
    else if (lines.exited.test(message)) {
      const start = good.pop();
      // An exit long after a good start is a crash at work, not a failed start.
      if (start !== undefined && time - start > soon) atWork += 1;
      else failedByExit += 1;
    }
  }
  const ready = good.length + atWork;
  return { starts: Math.max(started, ready + Math.max(failedProbes, failedByExit)), ready };
}
