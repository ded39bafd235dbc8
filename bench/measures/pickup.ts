import { createServer, type IncomingMessage, type Server } from 'node:http';
import { startPostgres } from '../../test/store/postgres-server.ts';
import { median, type Measure } from '../measure.ts';
import { askStatus, startBench, type Bench } from '../server.ts';

const times = 60;
const warmUp = 10;
const goal = 15;

/**
 * From the acknowledgement to the job's first request at GitHub, which the stand-in dates. Nothing is subtracted: the
 * stored delivery is read, an installation's client made and a request sent in that time, too.
 */
export const pickup: Measure = {
  name: 'pickup',
  what: 'delivery to job start: from the 202 of a /status to the first request of its job at GitHub, idle server, median (embedded and PostgreSQL; the slower counts)',
  async run(progress) {
    const embedded = await measured(undefined);
    progress(`embedded: ${inWords(embedded)}`);
    const postgres = await startPostgres({ fsync: true });
    try {
      const database = await postgres.createDatabase();
      const onPostgres = await measured(database.url);
      progress(`PostgreSQL: ${inWords(onPostgres)}`);
      const value = Math.max(median(embedded.fromAck), median(onPostgres.fromAck));
      return {
        value: Number(value.toFixed(1)),
        unit: 'ms',
        goal,
        bound: 'at most',
        holds: value < goal,
        beside: { embedded: inWords(embedded), PostgreSQL: inWords(onPostgres) },
      };
    } finally {
      await postgres.stop();
    }
  },
};

interface Pickups {
  /** From the 202 to the first request, ms. */
  fromAck: number[];
  /** From sending the delivery to the first request, ms. */
  fromSending: number[];
}

async function measured(databaseUrl: string | undefined): Promise<Pickups> {
  const bench = await startBench(databaseUrl);
  const relay = await startRelay(bench.url);
  const { github } = bench.standIns;
  const pickups: Pickups = { fromAck: [], fromSending: [] };
  try {
    github.deliverTo(`${relay.url}/api/github/webhooks`);
    for (let time = 0; time < warmUp + times; time++) {
      const from = github.requests.length;
      await askStatus(bench);
      const first = github.requests[from];
      if (first === undefined || time < warmUp) continue;
      pickups.fromAck.push(first.startedAt - relay.last().answeredAt);
      pickups.fromSending.push(first.startedAt - relay.last().sentAt);
    }
    return pickups;
  } finally {
    await relay.close();
    await bench.stop();
  }
}

interface Relay {
  url: string;
  /** Times of the last command's delivery, by `performance.now()`. */
  last(): { sentAt: number; answeredAt: number };
  close(): Promise<void>;
}

/** Hands deliveries on, and notes when each that is for us was sent and answered. */
async function startRelay(target: Bench['url']): Promise<Relay> {
  let last = { sentAt: Number.NaN, answeredAt: Number.NaN };
  const server = createServer((request, response) => {
    void pass(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(502).end(),
    );
  });

  async function pass(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      /^(?:content-type|x-)/u.test(name) ? [[name, String(value)] satisfies [string, string]] : [],
    );
    const body = Buffer.concat(chunks);
    const sentAt = performance.now();
    const answer = await fetch(`${target}${request.url ?? ''}`, { method: 'POST', headers, body });
    if (answer.status === 202) last = { sentAt, answeredAt: performance.now() };
    await answer.arrayBuffer();
    return answer.status;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: urlOf(server), last: () => last, close: () => closed(server) };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay listens on no port');
  return `http://127.0.0.1:${String(address.port)}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function inWords({ fromAck, fromSending }: Pickups): string {
  const worst = fromAck.toSorted((a, b) => a - b).at(Math.floor(fromAck.length * 0.99)) ?? Number.NaN;
  return `${median(fromAck).toFixed(1)} ms after the 202 (p99 ${worst.toFixed(1)}), ${median(fromSending).toFixed(1)} ms after sending`;
}
