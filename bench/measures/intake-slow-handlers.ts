import { setTimeout as pause } from 'node:timers/promises';
import { answered, costOfLoad, startLoad, type LoadResult } from '../load.ts';
import { median, type Measure } from '../measure.ts';
import { ofRealSize } from '../payload.ts';
import { askStatus, startBench, type Bench } from '../server.ts';

const rounds = 3;
const handlers = 10;
const windowMs = 8_000;
const connections = 16;
/** 16 connections that ask every 40 ms: 400 deliveries a second. */
const everyMs = 40;
const goal = 1.2;
/**
 * Time of every answer of GitHub and Google, just less than Sitrep waits for one. A handler whose token was revoked waits
 * for four of them one after the other: 401, token, issue, and what Google may take.
 */
const upstreamMs = 9_000;
/** The handlers have begun, and have long to go. */
const headStartMs = 3_000;
const leastHandlerMs = 30_000;
const longestHandlerMs = 180_000;

/**
 * Whether slow handlers hold up the acknowledgement. The load is the same in both windows and starts no handler of its
 * own: a comment whose command is done comes again and again, each time under a GUID of its own, as from a second hook.
 * Each of these deliveries waits for a transaction as a new one does.
 */
export const intakeSlowHandlers: Measure = {
  name: 'intake-slow-handlers',
  what: 'p99 of the 202 while ten handlers of 30 s run ÷ p99 while none runs (embedded database; 400 deliveries a second of a /status that is done, each under a new GUID: each waits for a transaction, none starts a handler)',
  async run(progress) {
    const bench = await startBench();
    const { github, google } = bench.standIns;
    const load = startLoad();
    const windows: LoadResult[] = [];
    const idle: number[] = [];
    const busy: number[] = [];
    const ran: number[] = [];
    let serial = 0;

    async function p99(body: string): Promise<number> {
      const most = Math.ceil((connections * windowMs) / everyMs);
      const window = await load.run({
        url: bench.url,
        secret: github.app.webhookSecret,
        body,
        connections,
        milliseconds: windowMs,
        firstSerial: serial,
        most,
        again: false,
        everyMs,
      });
      serial += most;
      if (window.statuses['202'] !== answered(window))
        throw new Error(`not all were acknowledged: ${JSON.stringify(window.statuses)}`);
      windows.push(window);
      return window.p99;
    }

    try {
      await askStatus(bench);
      const body = ofRealSize(github.deliveries.find(({ event }) => event === 'issue_comment')?.payload);
      const issues: number[] = [];
      for (let number = 1; number <= handlers; number++)
        issues.push((await github.openIssue('alice', { title: `Slow ${String(number)}` })).number);
      await p99(body);
      windows.length = 0;
      for (let round = 0; round < rounds; round++) {
        idle.push(await p99(body));
        for (const standIn of [github, google]) standIn.setLatency(upstreamMs);
        github.revokeTokens();
        const startedAt = performance.now();
        const from = github.requests.length;
        const done = Promise.all(
          issues.map((issue) => askStatus({ standIns: bench.standIns, issue }, longestHandlerMs)),
        );
        await pause(headStartMs);
        busy.push(await p99(body));
        await done;
        ran.push(firstPost(bench, from) - startedAt);
        for (const standIn of [github, google]) standIn.setLatency(0);
        progress(
          `${String(round + 1)}/${String(rounds)}: p99 idle ${inMs(idle.at(-1))}, busy ${inMs(busy.at(-1))}`,
        );
      }
      const ratio = median(busy) / median(idle);
      const shortest = Math.min(...ran);
      return {
        value: Number(ratio.toFixed(3)),
        unit: '× p99 with idle handlers',
        goal,
        bound: 'at most',
        holds: ratio <= goal && shortest >= leastHandlerMs,
        beside: {
          'p99 idle, by round': idle.map(inMs).join(', '),
          'p99 busy, by round': busy.map(inMs).join(', '),
          'ten handlers': `the quickest took ${(shortest / 1_000).toFixed(0)} s to its comment`,
          load: costOfLoad(windows),
        },
      };
    } finally {
      for (const standIn of [github, google]) standIn.setLatency(0);
      load.stop();
      await bench.stop();
    }
  },
};

/** When the first of the handlers had its comment ready, by `performance.now()`. */
function firstPost({ standIns: { github } }: Bench, from: number): number {
  const post = github.requests
    .slice(from)
    .find(({ method, route }) => method === 'POST' && route.endsWith('/issues/{issue_number}/comments'));
  if (post === undefined) throw new Error('no handler posted');
  return post.startedAt;
}

function inMs(milliseconds = Number.NaN): string {
  return `${milliseconds.toFixed(1)} ms`;
}
