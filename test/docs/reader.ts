import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { main } from '../../src/cli/main.ts';
import { openLine, type Run } from '../cli/run.ts';
import { openWorld, type World } from '../cli/world.ts';
import { startWorkers } from '../queue/workers.ts';
import { engines, open } from '../store/engines.ts';

/** Whom the pages speak to: somebody with a directory, an environment and a database, who calls `sitrep`. */
export interface Reader {
  /** Calls `sitrep` in a directory of its own, which holds the files that the pages take for granted. */
  call(call: ReaderCall): Promise<Run>;
  close(): Promise<void>;
}

export interface ReaderCall {
  args: string[];
  /** Assignments before the call, as the page has them. */
  variables: Record<string, string>;
  scenario: ReaderScenario;
  /** A file or directory that is not there yet. */
  without: string | null;
}

/** That of netra-systems/netra-apex, and that of acme/shop: the names of the pages are theirs. */
export type ReaderScenario = 'connector-saturated' | 'crash-on-start';

const scenarios = new URL('../../sandbox/scenarios/', import.meta.url).pathname;
const exported = ['sitrep.jsonl.gz', 'sitrep-2025-09-15.jsonl.gz'];

/** Opens both scenarios, by the machine's clock, and a PostgreSQL server with a database that a server has used. */
export async function openReader(): Promise<Reader> {
  const worlds = {
    'connector-saturated': await openWorld('connector-saturated'),
    'crash-on-start': await openWorld('crash-on-start'),
  };
  const world = worlds['connector-saturated'];
  const intake = await acceptsAll();
  world.github.deliverTo(`http://127.0.0.1:${String(intake.port)}/api/github/webhooks`);
  const { all, stop } = engines();
  const postgres = all.find(({ name }) => name === 'PostgreSQL');
  const emptyDatabase = async () => (await postgres?.create())?.url ?? '';
  const used = await emptyDatabase();
  await liveIn(used);
  const model = await mkdtemp(join(tmpdir(), 'sitrep-reader-'));
  await fill(model, world);
  for (const file of exported)
    await run(['export', '--out', join(model, file)], { ...world.variables, DATABASE_URL: used });

  /** What a variable of a page holds here: `…` and substitutions stand for what the reader has. */
  async function held([name, written]: [string, string], [command]: string[], { variables }: World) {
    // Only what is exported has been used; what is imported goes into an empty database.
    if (name === 'DATABASE_URL') return [name, command === 'export' ? used : await emptyDatabase()];
    return [name, /[…$]/u.test(written) ? (variables[name] ?? '') : written];
  }

  /** A note in the database is another reader's too: who makes one has a database to themselves. */
  async function ownDatabase([command]: string[]): Promise<string> {
    if (command !== 'restored') return used;
    const own = await emptyDatabase();
    await liveIn(own);
    return own;
  }

  return {
    async call({ args, variables, scenario, without }) {
      const own: unknown[][] = [];
      for (const written of Object.entries(variables)) own.push(await held(written, args, worlds[scenario]));
      const before = process.cwd();
      const dir = await mkdtemp(join(tmpdir(), 'sitrep-page-'));
      await cp(model, dir, { recursive: true });
      if (without !== null) await rm(join(dir, without), { recursive: true });
      process.chdir(dir);
      try {
        return await run(args, {
          ...surroundings(
            args,
            worlds[scenario],
            'DATABASE_URL' in variables ? null : await ownDatabase(args),
          ),
          ...z.record(z.string(), z.string()).parse(Object.fromEntries(own)),
        });
      } finally {
        process.chdir(before);
        await rm(dir, { recursive: true });
      }
    },
    async close() {
      await Promise.all(Object.values(worlds).map((one) => one.close()));
      intake.close();
      await stop();
      await rm(model, { recursive: true });
    },
  };
}

/** A server that takes every webhook: the doctor would tell of those that are refused. */
async function acceptsAll(): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => void server.close(),
  };
}

/** A server has run on the database, and has ended. */
async function liveIn(url: string): Promise<void> {
  const store = await open(url);
  await (await startWorkers(store)).stop({ graceMs: 0 });
  await store.close();
}

/** Each call ends at once where it would run on. */
async function run(args: string[], environment: Record<string, string>): Promise<Run> {
  const line = openLine({ LOG_LEVEL: 'silent', ...environment }, () => Promise.resolve());
  const code = await main(args, line);
  return { code, ...line.written };
}

/**
 * What the environment holds before the call; `used` is the reader's database, null where the call names one. Who starts
 * without naming one starts for the first time, and has no App yet.
 */
function surroundings(
  [command]: string[],
  { variables }: World,
  used: string | null,
): Record<string, string> {
  const { APP_ID = '', PRIVATE_KEY = '', WEBHOOK_SECRET = '', ...others } = variables;
  if (command === 'start' && used !== null) return { ...others, DATABASE_URL: 'memory:' };
  const database = command === 'import' ? 'imported' : (used ?? '');
  return {
    ...others,
    APP_ID,
    PRIVATE_KEY,
    WEBHOOK_SECRET,
    DATABASE_URL: database,
    SITREP_POLICY: 'sitrep.policy.yml',
  };
}

const looked = z.object({
  snapshot: z.looseObject({ takenAt: z.string(), incident: z.looseObject({ declaredAt: z.string() }) }),
});

async function fill(dir: string, world: World): Promise<void> {
  const status = ['status', '--repo', 'netra-systems/netra-apex', '--issue', '1278', '--json'];
  const { snapshot } = looked.parse(JSON.parse((await run(status, world.variables)).out));
  // So long before that a checkpoint was due.
  snapshot.incident.declaredAt = new Date(Date.parse(snapshot.takenAt) - 4.5 * 3_600_000).toISOString();
  const files: Record<string, string> = {
    '.github/sitrep.yml': world.configuration,
    '.github/sitrep/templates/status.hbs': 'Our own status\n',
    'staging.yml': world.configuration,
    'sitrep.policy.yml': world.policy,
    'key.pem': world.variables['PRIVATE_KEY'] ?? '',
    'snapshot.json': JSON.stringify(snapshot),
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  for (const copy of ['my-outage', 'path/to/my-outage'])
    await cp(join(scenarios, 'crash-on-start'), join(dir, copy), { recursive: true });
}
