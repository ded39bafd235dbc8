import { setTimeout as pause } from 'node:timers/promises';
import type { Measure } from '../measure.ts';
import { askStatus, startBench } from '../server.ts';

const goals = { beforeComment: 5, all: 15, writes: 5 };

/** How many requests to GitHub one `/status` costs a running server. */
export const statusRequests: Measure = {
  name: 'status-requests',
  what: 'GitHub requests of one /status until its comment is there (the POST included; warm token, 304 counted)',
  async run() {
    const bench = await startBench();
    try {
      const { github } = bench.standIns;
      await askStatus(bench);
      // The labels of the first one follow its comment.
      await quiet(() => github.requests.length);
      const from = github.requests.length;
      await askStatus(bench);
      await quiet(() => github.requests.length);
      const requests = github.requests.slice(from);
      const posted = requests.findIndex(
        ({ method, route }) => method === 'POST' && route.endsWith('/issues/{issue_number}/comments'),
      );
      const writes = requests.filter(({ write }) => write).length;
      return {
        value: posted + 1,
        unit: 'requests',
        goal: goals.beforeComment,
        bound: 'at most',
        holds:
          posted >= 0 &&
          posted < goals.beforeComment &&
          requests.length <= goals.all &&
          writes <= goals.writes,
        beside: {
          'whole /status': `${String(requests.length)} requests (at most ${String(goals.all)})`,
          writes: `${String(writes)} (at most ${String(goals.writes)})`,
          order: requests.map(({ method, path }) => `${method} ${path.split('?', 1)[0] ?? ''}`).join(', '),
        },
      };
    } finally {
      await bench.stop();
    }
  },
};

/** Waits until a count has not moved for a second. */
async function quiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count();
    await pause(1_000);
  }
}
