import { median, type Measure } from '../measure.ts';
import { replayedCollection } from '../replayed-collection.ts';

const components = 30;
const upstreamMs = 300;
const rounds = 15;
const goal = 1.15;

/**
 * A whole collection against the slowest chain of requests in it, asked by a bare client in the same process, round by
 * round in turn, with every upstream answer held back by 300 ms.
 */
export const collect30: Measure = {
  name: 'collect-30',
  what: `collection of ${String(components)} components ÷ its slowest chain of requests asked by a bare client (${String(upstreamMs)} ms in every upstream answer, warm token)`,
  async run(progress) {
    const replayed = await replayedCollection(components);
    try {
      await replayed.collect(); // loads what is loaded at first use
      await replayed.setLatency(upstreamMs);
      await replayed.collect();
      await replayed.chain();
      const whole: number[] = [];
      const chain: number[] = [];
      let requests = 0;
      for (let round = 0; round < rounds; round++) {
        const bare = await replayed.chain();
        requests = bare.requests;
        chain.push(bare.ms);
        whole.push((await replayed.collect()).ms);
        progress(
          `${String(round + 1)}/${String(rounds)}: ${whole.at(-1)?.toFixed(0) ?? ''} ms, chain ${chain.at(-1)?.toFixed(0) ?? ''} ms`,
        );
      }
      const ratio = median(whole) / median(chain);
      return {
        value: Number(ratio.toFixed(3)),
        unit: '× slowest chain',
        goal,
        bound: 'at most',
        holds: ratio <= goal,
        beside: {
          'collection, median': `${median(whole).toFixed(0)} ms (worst ${Math.max(...whole).toFixed(0)})`,
          'slowest chain, median': `${median(chain).toFixed(0)} ms (worst ${Math.max(...chain).toFixed(0)}), ${String(requests)} pages of a list`,
          requests: `${String(replayed.requests)} of Google, 6 probes`,
        },
      };
    } finally {
      replayed.stop();
    }
  },
};
