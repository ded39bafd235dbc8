import { setTimeout as pause } from 'node:timers/promises';
import type { StandIns } from '../../sandbox/stand-ins.ts';
import { median, type Measure } from '../measure.ts';
import {
  personalToken,
  startBenchStandIns,
  startProcess,
  startSitrepServer,
  type ServerProcess,
} from '../server.ts';

const rounds = 7;
const goalMs = 500;
const patienceMs = 60_000;
/** The reactions that follow a comment are out by then. */
const betweenMs = 2_000;
const names = ['netra-apex', 'netra-apex-2', 'netra-apex-3', 'netra-apex-4'];

/** Whether the comments of one installation wait for those of another. */
export const fourInstallations: Measure = {
  name: 'four-installations',
  what: `from the first of four comments to the last, when /status is written in four installations at once, median of ${String(rounds)} rounds; beside it probot run, whose one handler comments through context.octokit`,
  async run(progress) {
    const { standIns, issue, loaded } = await startBenchStandIns();
    const { scenario, configuration } = loaded;
    for (const name of names.slice(1)) {
      const another = { ...scenario, repository: { ...scenario.repository, name } };
      standIns.github.install(another, { '.github/sitrep.yml': configuration });
    }
    const sitrep = await startSitrepServer(standIns);
    const probot = await startProcess('./probot-comment.ts', [], {
      ...standIns.environment,
      LOG_LEVEL: 'error',
    });
    try {
      const spreads = { sitrep: [] as number[], probot: [] as number[] };
      for (let round = 0; round <= rounds; round++) {
        const ours = await spreadOf(standIns, sitrep, issue, '/status');
        const theirs = await spreadOf(standIns, probot, issue, 'How is it going?');
        progress(
          `${String(round)}/${String(rounds)}: ${ours.toFixed(0)} ms, probot run ${theirs.toFixed(0)} ms`,
        );
        if (round === 0) continue; // loads what is loaded at first use, and asks for the tokens
        spreads.sitrep.push(ours);
        spreads.probot.push(theirs);
      }
      const spread = median(spreads.sitrep);
      return {
        value: Math.round(spread),
        unit: 'ms between the first and the last',
        goal: goalMs,
        bound: 'at most',
        holds: spread <= goalMs,
        beside: {
          'worst round': `${Math.max(...spreads.sitrep).toFixed(0)} ms`,
          'probot run, median': `${median(spreads.probot).toFixed(0)} ms (Sitrep ${(spread / median(spreads.probot)).toFixed(3)} × of it)`,
        },
      };
    } finally {
      await probot.stop();
      await sitrep.stop();
      await standIns.close();
    }
  },
};

/** A person writes in all repositories at once; milliseconds between the answers to the App's first and last comment. */
async function spreadOf(
  { github }: StandIns,
  server: ServerProcess,
  issue: number,
  body: string,
): Promise<number> {
  github.deliverTo(`${server.url}/api/github/webhooks`);
  const from = github.requests.length;
  await Promise.all(names.map((name) => write(github.url, name, issue, body)));
  const until = performance.now() + patienceMs;
  for (;;) {
    const posted = names.map((name) => {
      const path = `/repos/netra-systems/${name}/issues/${String(issue)}/comments`;
      const comments = github.requests
        .slice(from)
        .filter((request) => request.method === 'POST' && request.path === path);
      return comments[1]?.endedAt; // the first is the person's
    });
    const all = posted.filter((endedAt) => endedAt !== undefined);
    if (all.length === names.length) {
      await pause(betweenMs);
      github.deliverTo(null);
      return Math.max(...all) - Math.min(...all);
    }
    if (performance.now() > until) throw new Error(`only ${String(all.length)} installations have a comment`);
    await pause(5);
  }
}

async function write(url: string, repository: string, issue: number, body: string): Promise<void> {
  const answer = await fetch(`${url}/repos/netra-systems/${repository}/issues/${String(issue)}/comments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${personalToken}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ body }),
  });
  await answer.arrayBuffer();
  if (answer.status !== 201) throw new Error(`the comment was answered ${String(answer.status)}`);
}
