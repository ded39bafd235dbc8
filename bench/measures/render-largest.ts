import { lookAt } from '../../src/commands/assess.ts';
import { statusOf } from '../../src/commands/status.ts';
import type { Observation, Snapshot } from '../../src/core/snapshot.ts';
import type { StatusUpdate } from '../../src/core/update.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { version } from '../../src/version.ts';
import { median, type Measure } from '../measure.ts';
import { wideOutage } from '../wide-outage.ts';

const components = 200;
const observations = 1_000;
const rounds = 21;
const goalMs = 50;
const longestComment = 60_000;

/**
 * How long the largest update takes from its view model to a text that GitHub takes. Each round has readings of its own,
 * so that nothing is known from the round before but what every update says. The first round compiles the templates.
 */
export const renderLargest: Measure = {
  name: 'render-largest',
  what: 'time to render the largest status (200 components, 1,000 observations) and to cut it to 60,000 characters, beside the same without a cut',
  run: (progress) => {
    const { configuration, snapshot } = wideOutage(components);
    const [cut, whole, processor]: [number[], number[], number[]] = [[], [], []];
    let longest = 0;
    for (let round = -1; round < rounds; round++) {
      const updateOf = (number: number): StatusUpdate =>
        statusOf(lookAt(configuration, thinned(snapshot, number), [], []), version);
      // Each with readings of its own, so that neither profits from the other.
      const [first, second] = [updateOf(2 * round), updateOf(2 * round + 1)];
      const used = process.cpuUsage();
      const short = timed(() => renderUpdate(first));
      const { user, system } = process.cpuUsage(used);
      const long = timed(() => renderUpdate(second, Number.MAX_SAFE_INTEGER));
      if (short.length > longestComment || long.length <= longestComment)
        throw new Error('the update was not cut, or there was nothing to cut');
      if (round < 0) continue;
      cut.push(short.ms);
      whole.push(long.ms);
      processor.push((user + system) / 1_000);
      longest = Math.max(longest, long.length);
      if (round % 5 === 0) progress(`${String(round)}/${String(rounds)}`);
    }
    const value = median(cut);
    return Promise.resolve({
      value: Number(value.toFixed(1)),
      unit: 'ms',
      goal: goalMs,
      bound: 'at most',
      holds: value <= goalMs,
      beside: {
        'written whole, without a cut, median': `${median(whole).toFixed(1)} ms for ${String(longest)} characters (the cut one ${(value / median(whole)).toFixed(2)} × of it)`,
        'slowest and quickest': `${Math.max(...cut).toFixed(1)} and ${Math.min(...cut).toFixed(1)} ms`,
        'processor time with what the engine collects, median': `${median(processor).toFixed(1)} ms`,
      },
    });
  },
};

/** How long it took, and how long the text is in code points, as GitHub counts. */
function timed(render: () => string): { ms: number; length: number } {
  const before = performance.now();
  const text = render();
  return { ms: performance.now() - before, length: Array.from(text).length };
}

/** So many observations of the snapshot, spread over its components, with values and log lines of a round. */
function thinned(snapshot: Snapshot, round: number): Snapshot {
  const step = snapshot.observations.length / observations;
  const some = Array.from({ length: observations }, (_, at) => snapshot.observations[Math.floor(at * step)]);
  return {
    ...snapshot,
    observations: some.flatMap((found) => (found === undefined ? [] : [ofRound(found, round)])),
  };
}

function ofRound(found: Observation, round: number): Observation {
  const changed = /^\d+$/u.test(found.value) ? String(Number(found.value) + round) : found.value;
  return {
    ...found,
    value: changed,
    ...(found.text === undefined ? {} : { text: `${found.text} in round ${String(round)}` }),
  };
}
