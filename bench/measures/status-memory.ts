import { setTimeout as delay } from 'node:timers/promises';
import { sign } from '@octokit/webhooks-methods';
import { median, type Measure } from '../measure.ts';
import { askStatus, startBench, startProcess, type ServerProcess } from '../server.ts';

const times = 1_000;
const goal = 5;
/** Memory goes up and down with collections: each reading is the median of several. */
const samples = 9;
const betweenSamplesMs = 500;
/** What the engine keeps of a burst it gives back within a minute or two: memory is at rest when so long none came back. */
const restMs = 30_000;
const restAtMostMs = 240_000;
/** Share of the memory by which it may still fall. */
const stillFalling = 0.01;

/** Resident memory of the real server, idle and under 1,000 `/status`, beside Probot's own server. */
export const statusMemory: Measure = {
  name: 'status-memory',
  what: 'growth of resident memory at rest from after the 500th to after the 1,000th /status; beside it that right after them, and probot run with an empty handler',
  async run(progress) {
    const bench = await startBench();
    try {
      const idle = await settledRss(bench);
      let half = { busy: Number.NaN, atRest: Number.NaN };
      for (let done = 1; done <= times; done++) {
        await askStatus(bench);
        if (done === times / 2) half = await busyAndAtRest(bench);
        if (done % 50 === 0)
          progress(`${String(done)}/${String(times)}: ${(await bench.rss()).toFixed(0)} MiB`);
      }
      const full = await busyAndAtRest(bench);
      const growth = (full.atRest / half.atRest - 1) * 100;
      const baseline = await probotMemory(bench.standIns.environment);
      return {
        value: Number(growth.toFixed(1)),
        unit: '%',
        goal,
        bound: 'at most',
        holds: growth <= goal,
        beside: {
          'Sitrep idle': `${idle.toFixed(0)} MiB (${(idle / baseline.idle).toFixed(2)} × probot run)`,
          'Sitrep after 500': inWords(half),
          'Sitrep after 1,000': `${inWords(full)} (${(full.atRest / baseline.after).toFixed(2)} × probot run)`,
          'probot run idle': `${baseline.idle.toFixed(0)} MiB`,
          'probot run after 1,000 deliveries': `${baseline.after.toFixed(0)} MiB`,
        },
      };
    } finally {
      await bench.stop();
    }
  },
};

interface Memory {
  busy: number;
  atRest: number;
}

function inWords({ busy, atRest }: Memory): string {
  return `${busy.toFixed(0)} MiB right after them, ${atRest.toFixed(0)} MiB at rest`;
}

async function busyAndAtRest(server: ServerProcess): Promise<Memory> {
  const busy = await settledRss(server);
  let [atRest, before] = [busy, Number.POSITIVE_INFINITY];
  for (let waited = 0; waited < restAtMostMs && atRest < before * (1 - stillFalling); waited += restMs) {
    before = atRest;
    await delay(restMs);
    atRest = await settledRss(server);
  }
  return { busy, atRest };
}

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
  const server = await startProcess('./probot-empty.js', [], { ...environment, LOG_LEVEL: 'warn' });
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
