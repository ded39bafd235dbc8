import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openPlay } from '../app/play.ts';
import { textsIn } from '../cli/recorded.ts';
import { sitrep } from '../cli/run.ts';
import { openWorld } from '../cli/world.ts';
import { textsOfDatabase } from './database-text.ts';
import { needlesOf } from './needles.ts';
import { plantWorld, type PlantedWorld } from './planted-world.ts';
import { kindsOfSecrets } from './secret-kinds.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/**
 * Secrets of all kinds wherever a text comes from; none in what Sitrep writes: comments, the database and the journal, the
 * log, snapshots, recordings, what the command line prints. Each secret is another one, and is looked for also in part
 * and encoded.
 */

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-planted-'));
});
afterAll(() => rm(dir, { recursive: true }));

let worlds = 0;
async function plantNext(): Promise<PlantedWorld> {
  worlds += 1;
  const own = join(dir, `world-${String(worlds)}`);
  await mkdir(own);
  return await plantWorld(own, seededRandom());
}

/** Stands before Google's stand-in, and refuses one API in words that hold secrets. */
async function openRefusal(words: string) {
  let target = '';
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void body.push(chunk));
    request.on('end', () => {
      void (async () => {
        if (request.url?.includes('/connectors') === true) {
          response.writeHead(403, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ error: { code: 403, status: 'PERMISSION_DENIED', message: words } }));
          return;
        }
        const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
            ? [[name, value]]
            : [],
        );
        const method = request.method ?? 'GET';
        const answer = await fetch(`${target}${request.url ?? ''}`, {
          method,
          headers,
          ...(method === 'GET' ? {} : { body: Buffer.concat(body) }),
        });
        response.writeHead(answer.status, {
          'content-type': answer.headers.get('content-type') ?? 'text/plain',
        });
        response.end(await answer.text());
      })();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    leadTo: (url: string) => void (target = url),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Commands that take words, with the words behind them. */
const wordy = [
  'note',
  'impact',
  'action add',
  'why add',
  'escalate infra',
  'resolve --override',
  'nonsense',
  'note 17:05',
];

test('at least forty kinds are tried', () => {
  expect(kindsOfSecrets).toBeGreaterThanOrEqual(40);
});

test(
  'none is in a comment, the database, the journal or the log',
  { timeout: timeLimit(60 * 60_000) },
  async () => {
    const counts = { trials: trials({ bounded: 1, full: 10 }), secrets: 0, rows: 0, lines: 0, comments: 0 };
    for (let trial = 0; trial < counts.trials; trial += 1) {
      const world = await plantNext();
      const refusal = await openRefusal(
        world
          .take('an error of Google')
          .map(({ text }) => text)
          .join(' '),
      );
      const databaseUrl = join(world.dir, 'data');
      const play = await openPlay({
        scenario: world.dir,
        databaseUrl,
        logLevel: 'debug',
        variables: { SITREP_GCP_ENDPOINT: refusal.url },
      });
      refusal.leadTo(play.google.url);
      const issue = play.loaded.scenario.focus;
      await play.github.comment('carol', issue, '/status');
      await play.rest();
      for (const [place, command] of wordy.entries()) {
        const said = world.take(`the words of /sitrep ${command}`);
        const part = trials({ bounded: 5, full: said.length });
        const chosen = Array.from(
          { length: part },
          (_, index) => said[(index * wordy.length + place) % said.length],
        );
        const lines = chosen.map((one) => `/sitrep ${command} ${one?.text ?? ''}`);
        for (let from = 0; from < lines.length; from += 5)
          await play.github.comment('alice', issue, lines.slice(from, from + 5).join('\n'));
      }
      await play.rest();
      await play.github.comment(
        'alice',
        issue,
        '/sitrep evidence all\n/sitrep diff\n/sitrep timeline\n/sitrep criteria\n/sitrep whys',
      );
      await play.github.comment(
        'alice',
        issue,
        '/sitrep brief\n/sitrep handoff @bob\n/sitrep postmortem\n/status',
      );
      await play.rest();
      const written = play.github
        .thread(issue)
        .filter(({ bot }) => bot)
        .map(({ body }) => body);
      const all = JSON.stringify(play.github.thread(issue));
      const recorded = await play.app.lastUpdate('netra-systems/netra-apex', issue);
      const logged = [...play.logged];
      await play.close();
      await refusal.close();
      const needles = needlesOf(world.secrets);
      // They were there to be repeated.
      expect(needles.foundIn(all).length).toBeGreaterThan(30);
      expect(written.length).toBeGreaterThan(20);
      expect(written.join('\n')).not.toContain('is not usable');
      const { observations = [], gaps = [] } = recorded?.snapshot ?? {};
      expect(observations.filter(({ signal }) => signal.startsWith('env.')).length).toBeGreaterThan(100);
      expect(gaps.map(({ detail }) => detail).join()).toContain('redacted');
      expect(needles.foundIn(written.join('\n'))).toEqual([]);
      expect(needles.foundIn(logged.join(''))).toEqual([]);
      expect(logged.filter((line) => line.includes('"level":20')).length).toBeGreaterThan(10);
      const journal = await filesBelow(join(databaseUrl, 'journal'));
      expect(journal.length).toBeGreaterThan(0);
      expect(needles.foundIn(journal.join('\n'))).toEqual([]);
      const tables = await textsOfDatabase(databaseUrl);
      for (const { table, text } of tables) expect(needles.foundIn(text), table).toEqual([]);
      for (const name of ['delivery', 'snapshot', 'publication', 'incident_event', 'etag'])
        expect(tables.find(({ table }) => table === `public.${name}`)?.rows, name).toBeGreaterThan(0);
      counts.secrets += world.secrets.length;
      counts.rows += tables.reduce((sum, { rows }) => sum + rows, 0);
      counts.lines += logged.length;
      counts.comments += written.length;
    }
    report('secrets through the app', { kinds: kindsOfSecrets, ...counts });
  },
);

async function filesBelow(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  return Promise.all(
    files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  );
}

const played = z.object({
  thread: z.array(z.object({ author: z.string(), body: z.string() })),
  diagnosis: z.unknown(),
  snapshot: z.unknown(),
});

test(
  'none is in a snapshot, a recording or what the command line prints',
  { timeout: timeLimit(60 * 60_000) },
  async () => {
    const counts = { trials: trials({ bounded: 1, full: 10 }), secrets: 0, files: 0 };
    for (let trial = 0; trial < counts.trials; trial += 1) {
      const planted = await plantNext();
      const needles = needlesOf(planted.secrets);
      const world = await openWorld(planted.dir);
      const [out, recording] = [join(planted.dir, 'snapshot.json'), join(planted.dir, 'recording')];
      const verbose = { ...world.variables, LOG_LEVEL: 'debug' };
      const run = await sitrep(
        ['collect', '--config', world.config, '--out', out, '--record', recording],
        verbose,
      );
      const shown = await sitrep(
        ['status', '--repo', 'netra-systems/netra-apex', '--issue', '1278', '--json'],
        verbose,
      );
      await world.close();
      expect(run.code, run.err).toBe(0);
      expect(shown.code, shown.err).toBe(0);
      expect(needles.foundIn(`${run.out}${run.err}${shown.out}${shown.err}`)).toEqual([]);
      expect(needles.foundIn(await readFile(out, 'utf8'))).toEqual([]);
      const files = await textsIn(recording);
      expect(files.length).toBeGreaterThan(10);
      for (const { file, text } of files) expect(needles.foundIn(text), file).toEqual([]);
      const once = await sitrep(['sandbox', '--scenario', planted.dir, '--once', '--json']);
      expect(once.code, once.err).toBe(0);
      const { thread, diagnosis, snapshot } = played.parse(JSON.parse(once.out));
      // What people wrote on the issue stands there.
      const ours = thread.filter(({ author }) => author.endsWith('[bot]'));
      expect(ours.length).toBeGreaterThan(0);
      expect(needles.foundIn(JSON.stringify([ours, diagnosis, snapshot]) + once.err)).toEqual([]);
      counts.secrets += planted.secrets.length;
      counts.files += files.length;
    }
    report('secrets through the command line', { kinds: kindsOfSecrets, ...counts });
  },
);

test('none is in the words of an error', async () => {
  const secret = ['kv9', 'Tq2mZr7Lw4'].join('');
  const own = join(dir, 'errors');
  await mkdir(own);
  for (const [args, environment] of [
    [['doctor'], { DATABASE_URL: `postgres://web:${secret}@127.0.0.1:1/main` }],
    [['doctor'], { DATABASE_URL: `mysql://web:${secret}@127.0.0.1:1/main` }],
    [
      ['status', '--repo', 'a/b', '--issue', '1'],
      { GITHUB_TOKEN: `ghp_${secret}${secret}`, GHE_HOST: '127.0.0.1:1', GHE_PROTOCOL: 'http' },
    ],
    [['check', join(own, `password=${secret}.yml`)], {}],
    [
      ['start'],
      {
        APP_ID: `password=${secret}`,
        PRIVATE_KEY: secret,
        LOG_LEVEL: `token=${secret}`,
        PORT: `token=${secret}`,
      },
    ],
  ] as const) {
    const { code, out, err } = await sitrep([...args], { ...environment, LOG_LEVEL: 'debug' });
    expect(code).not.toBe(0);
    expect(`${out}${err}`).not.toBe('');
    expect(`${out}${err}`).not.toContain(secret);
  }
});
