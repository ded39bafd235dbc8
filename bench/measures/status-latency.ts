import { median, type Measure } from '../measure.ts';
import { z } from 'zod';
import type { GoogleRequest } from '../../sandbox/google/server.ts';
import { askStatus, deliveryToComment, personalToken, startBench, type Bench } from '../server.ts';

const upstreamMs = 300;
const rounds = 15;
const goal = 1.25;
/** The baseline writes where it does not lengthen the thread that `/status` reads. */
const otherIssue = 1263;

/**
 * From the delivery to the answer of the comment's POST, with every answer of GitHub, Google and the endpoints held
 * back by 300 ms; against the slowest chain of upstream answers, asked one after the other by a bare client in the
 * same run, round by round in turn.
 */
export const statusLatency: Measure = {
  name: 'status-latency',
  what: 'delivery to comment ÷ the same upstream answers asked by a bare client (configuration → slowest collector → POST; warm tokens)',
  async run(progress) {
    const bench = await startBench();
    const { github, google, endpoints } = bench.standIns;
    try {
      await askStatus(bench); // loads what is loaded at first use, and warms the tokens on both sides
      const from = google.requests.length;
      await askStatus(bench);
      const asked = google.requests.slice(from).filter(({ path }) => path !== '/token');
      for (const standIn of [github, google, endpoints]) standIn.setLatency(upstreamMs);
      const chain: number[] = [];
      const whole: number[] = [];
      for (let round = 0; round < rounds; round++) {
        chain.push(await slowestChain(bench, asked));
        whole.push(await deliveryToComment(bench));
        progress(
          `${String(round + 1)}/${String(rounds)}: ${Math.round(whole.at(-1) ?? 0).toString()} ms, chain ${Math.round(chain.at(-1) ?? 0).toString()} ms`,
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
          'delivery to comment, median': `${median(whole).toFixed(0)} ms (worst ${Math.max(...whole).toFixed(0)})`,
          'slowest chain, median': `${median(chain).toFixed(0)} ms (worst ${Math.max(...chain).toFixed(0)})`,
          injected: `${String(upstreamMs)} ms into every upstream answer`,
        },
      };
    } finally {
      await bench.stop();
    }
  },
};

/**
 * Milliseconds of the slowest chain of upstream answers, with warm tokens: a bare client asks what the server asked
 * for the update before it, at once what can be asked at once: configuration, comments and role, then all that is
 * read of Google, then what hangs on one of those answers, then the POST. So the baseline waits for the same answers,
 * made by the same busy stand-ins.
 */
async function slowestChain(bench: Bench, asked: readonly GoogleRequest[]): Promise<number> {
  const { github, google } = bench.standIns;
  const token = await googleToken(google.url);
  const repository = `${github.url}/repos/netra-systems/netra-apex`;
  const headers = { authorization: `Bearer ${personalToken}`, accept: 'application/vnd.github+json' };
  const startedAt = performance.now();
  await Promise.all(
    [
      'contents/.github/sitrep.yml',
      `issues/${String(otherIssue)}/comments`,
      'collaborators/carol/permission',
    ].map((path) => answered(fetch(`${repository}/${path}`, { headers }))),
  );
  const ask = (request: GoogleRequest) => answered(askGoogle(google.url, token, request));
  await Promise.all(asked.filter((request) => !isDependent(request)).map(ask));
  await Promise.all(asked.filter(isDependent).map(ask));
  await answered(
    fetch(`${repository}/issues/${String(otherIssue)}/comments`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'x'.repeat(60_000) }),
    }),
  );
  return performance.now() - startedAt;
}

/** What can only be asked when the backend service of the load balancer has named its groups: the slowest collector. */
function isDependent({ path }: GoogleRequest): boolean {
  return /\/networkEndpointGroups\/|\/getHealth$/.test(path);
}

function askGoogle(
  origin: string,
  token: string,
  { method, path, query, body }: GoogleRequest,
): Promise<Response> {
  // The stand-in tells paths decoded; the name of an object of Cloud Storage is one segment.
  const sent = path.replace(/(?<=\/o\/).+$/, encodeURIComponent);
  return fetch(`${origin}${sent}?${new URLSearchParams(query).toString()}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'POST' ? { body } : {}),
  });
}

const tokenAnswer = z.object({ access_token: z.string() });

async function googleToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: 'baseline',
      client_id: 'baseline',
      client_secret: 'baseline',
    }),
  });
  return tokenAnswer.parse(await answer.json()).access_token;
}

/** Waits for an answer to its last byte; a baseline that is refused measures nothing. */
async function answered(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  await response.arrayBuffer();
  if (!response.ok)
    throw new Error(`the baseline was answered ${String(response.status)} by ${response.url}`);
}
