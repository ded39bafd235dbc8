import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Measure } from '../measure.ts';
import { replayedCollection, type ReplayedCollection } from '../replayed-collection.ts';

const components = 200;
const upstreamMs = 300;
const rounds = 5;
const goalMs = 8_000;

/** The database's API and half of the endpoints. */
const hanging = [
  '/instances/',
  '/operations',
  '/health/8',
  '/health/18',
  '/health/28',
  '/health/38',
  '/health/1',
];

/**
 * The slowest of several collections of 200 components, with every upstream answer held back by 300 ms, and with some
 * upstreams that never answer. What was not read then has to be named: each component is there, read or as a gap.
 */
export const collect200: Measure = {
  name: 'collect-200',
  what: `slowest collection of ${String(components)} components, ${String(upstreamMs)} ms in every upstream answer, also with upstreams that hang`,
  async run(progress) {
    const replayed = await replayedCollection(components);
    try {
      await replayed.collect();
      await replayed.setLatency(upstreamMs);
      const answering = await collections(replayed, (line) => progress(`all answer: ${line}`));
      await replayed.hang(hanging);
      const hung = await collections(replayed, (line) => progress(`some hang: ${line}`));
      const slowest = Math.max(...answering.times, ...hung.times);
      const whole = answering.unread === 0 && hung.unread > 0 && answering.missing + hung.missing === 0;
      return {
        value: Math.round(slowest),
        unit: 'ms',
        goal: goalMs,
        bound: 'at most',
        holds: slowest <= goalMs && whole,
        beside: {
          'where all answer': `${range(answering.times)}, ${String(answering.unread)} gaps for want of time`,
          'where some hang': `${range(hung.times)}, ${String(hung.unread)} gaps for want of time`,
          'components neither read nor named': String(answering.missing + hung.missing),
          requests: `${String(replayed.requests)} of Google, 40 probes`,
        },
      };
    } finally {
      replayed.stop();
    }
  },
};

async function collections(replayed: ReplayedCollection, progress: (line: string) => void) {
  const times: number[] = [];
  let [unread, missing] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const { snapshot, ms } = await replayed.collect();
    times.push(ms);
    unread = snapshot.gaps.filter(({ reason }) => reason === 'timeout' || reason === 'budget').length;
    missing = Math.max(missing, components - named(snapshot));
    progress(`${ms.toFixed(0)} ms, ${String(unread)} gaps for want of time`);
  }
  return { times, unread, missing };
}

/** Components of which the snapshot says something. */
function named({ observations, gaps, changes }: Snapshot): number {
  return new Set([...observations, ...gaps, ...changes].map(({ component }) => component)).size;
}

function range(times: readonly number[]): string {
  return `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms`;
}
