import { setTimeout as delay } from 'node:timers/promises';
import { sign } from '@octokit/webhooks-methods';
import { median, type Measure } from '../measure.ts';
import { askStatus, startBench, startProcess, type ServerProcess } from '../server.ts';

const times = 1_000;
const goal = 5;
/** Memory goes up and down with collections: each reading is the median of several. */
const samples = 9;
const betweenSamplesMs = 500;

/** Resident memory of the real server, idle and under 1,000 `/status`, beside Probot's own server. */
export const statusMemory: Measure = {
  name: 'status-memory',
  what: 'growth of resident memory from the 500th to the 1,000th /status; beside it probot run with an empty handler',
  async run(progress) {
    const bench = await startBench();
    try {
      const idle = await settledRss(bench);
      let half = Number.NaN;
      for (let done = 1; done <= times; done++) {
        await askStatus(bench);
        if (done === times / 2) half = await settledRss(bench);
        if (done % 50 === 0)
          progress(`${String(done)}/${String(times)}: ${(await bench.rss()).toFixed(0)} MiB`);
      }
      const full = await settledRss(bench);
      const growth = (full / half - 1) * 100;
      const baseline = await probotMemory(bench.standIns.environment);
      return {
        value: Number(growth.toFixed(1)),
        unit: '%',
        goal,
        bound: 'at most',
        holds: growth <= goal,
        beside: {
          'Sitrep idle': `${idle.toFixed(0)} MiB (${(idle / baseline.idle).toFixed(2)} × probot run)`,
          'Sitrep after 500': `${half.toFixed(0)} MiB`,
          'Sitrep after 1,000': `${full.toFixed(0)} MiB (${(full / baseline.after).toFixed(2)} × probot run)`,
          'probot run idle': `${baseline.idle.toFixed(0)} MiB`,
          'probot run after 1,000 deliveries': `${baseline.after.toFixed(0)} MiB`,
        },
      };
    } finally {
      await bench.stop();
    }
  },
};

async function settledRss(server: ServerProcess): Promise<number> {
  const read: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    await delay(betweenSamplesMs);
    read.push(await server.rss());
  }
  return median(read);
}

async function probotMemory(environment: Record<string, string>): Promise<{ idle: number; after: number }> {
  const secret = environment['WEBHOOK_SECRET'] ?? '';
  const server = await startProcess('./probot-empty.ts', [], { ...environment, LOG_LEVEL: 'warn' });
  try {
    const idle = await settledRss(server);
    const body = JSON.stringify({ action: 'created', installation: { id: 1 }, comment: { body: '/status' } });
    const signature = await sign(secret, body);
    for (let done = 0; done < times; done++) {
      const answer = await fetch(`${server.url}/api/github/webhooks`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'issue_comment',
          'x-github-delivery': `baseline-${String(done)}`,
          'x-hub-signature-256': signature,
        },
        body,
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`probot run answered ${String(answer.status)}`);
    }
    return { idle, after: await settledRss(server) };
  } finally {
    await server.stop();
  }
}
