import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openRecording } from '../../src/cli/recording/recording.ts';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { configurationOf } from '../../src/commands/configuration.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { configuration as shop, startWorld } from '../collectors/world.ts';
import { evidenceOf, readAgain, snapshotIn, textsIn } from './recorded.ts';
import { openLine } from './run.ts';

/** No secret reaches the disk, and with --anonymous no name, wherever they stood. */

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-secrets-'));
});
afterAll(() => rm(dir, { recursive: true }));

const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength });

/** Long enough not to stand anywhere by chance. */
const random = word(`${letters}${letters.toUpperCase()}0123456789`, 24, 40);
/** As people choose them, with what URLs and texts stumble over. */
const password = fc
  .tuple(word(letters, 6, 10), word('0123456789', 3, 4), word('!*_-+.', 1, 2), word(letters, 4, 6))
  .map((parts) => parts.join(''));

/** A secret, and a text that has it in a form by which it is known. */
const planted = fc.oneof(
  password.map((secret) => ({ secret, text: `login as web failed, password=${secret}` })),
  password.map((secret) => ({ secret, text: `{"db_password": "${secret}", "port": 5432}` })),
  password.map((secret) => ({ secret, text: `dial postgres://web:${secret}@10.9.0.3:5432/main: refused` })),
  random.map((secret) => ({ secret, text: `sent Authorization: Bearer ${secret}` })),
  random.map((secret) => ({ secret, text: `GET https://shop.example/pay?token=${secret}&page=2 failed` })),
  random.map((secret) => ({ secret, text: `Set-Cookie: session=${secret}; Path=/` })),
  random.map((secret) => ({ secret: `ghp_${secret}`, text: `push with ghp_${secret} was refused` })),
  fc.tuple(random, random, random).map(([head, claims, seal]) => ({
    secret: `eyJ${head}.eyJ${claims}.${seal}`,
    text: `jwt eyJ${head}.eyJ${claims}.${seal} has expired`,
  })),
);
const named = fc.oneof(password, random);

const file = (components: Record<string, unknown>, project: string) => ({
  version: 1,
  google_cloud: { project, region: 'europe-west1' },
  components,
});

/** Records answers as they are given to the collectors, without a network; gives the texts of the files. */
async function recorded(
  answers: readonly { status: number; body: unknown; url?: string; headers?: Record<string, string> }[],
  configuration: Record<string, unknown>,
  anonymous: boolean,
) {
  const own = await mkdtemp(join(dir, 'run-'));
  const config = join(own, 'sitrep.yml');
  await writeFile(config, stringify(configuration));
  const recording = await openRecording({ dir: join(own, 'recording'), anonymous }, openLine());
  for (const { status, body, headers = {}, url = 'https://run.googleapis.com/v2/services' } of answers) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const ended = recording.recorder.watch({ method: 'GET', url, body: null });
    ended({ status, headers: new Headers(headers), text });
  }
  const read = configurationOf(stringify(configuration), undefined);
  if (read.kind !== 'usable') throw new Error('the configuration of the test is wrong');
  const at = '2025-03-10T12:00:00.000Z';
  const snapshot: Snapshot = {
    version: 1,
    takenAt: at,
    window: { from: '2025-03-10T11:00:00.000Z', to: at },
    budgetMs: 8_000,
    observations: [],
    gaps: [],
    statements: [],
    changes: [],
    history: [],
    previous: null,
  };
  const { configuration: used } = read;
  await recording.write({ config, environment: null, configuration: used, snapshot, endpoint: null });
  return textsIn(join(own, 'recording'));
}

it('secrets: none is in any file, and every file is still what it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(planted, { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(fc.constantFrom('DB_PASSWORD', 'API_KEY', 'JWT_SECRET', 'smtp.pass'), named), {
        minLength: 1,
        maxLength: 4,
      }),
      named,
      named,
      async (texts, variables, label, header) => {
        const env = variables.map(([name, value]) => ({ name, value }));
        const files = await recorded(
          [
            { status: 200, body: { revisions: [{ name: 'web-1', containers: [{ env }], timeout: '300s' }] } },
            {
              status: 200,
              body: { entries: texts.map(({ text }) => ({ textPayload: text, severity: 'ERROR' })) },
            },
            { status: 200, body: { entries: texts.map(({ text }) => ({ jsonPayload: { message: text } })) } },
            { status: 200, body: { metadata: { labels: { api_token: label, tier: 'web' } } } },
            {
              status: 403,
              body: { error: { code: 403, message: texts.map(({ text }) => text).join('\n') } },
            },
            { status: 502, body: `<html>${texts.map(({ text }) => text).join('<br>')}</html>` },
            // Said again where nothing tells that it is a secret.
            {
              status: 200,
              body: { entries: [{ textPayload: `got ${variables[0]?.[1] ?? ''} from the vault` }] },
            },
            {
              status: 200,
              body: {},
              url: `https://run.googleapis.com/v2/services?pageToken=${encodeURIComponent(header)}`,
              headers: {
                'x-token': header,
                'set-cookie': `sid=${header}`,
                'content-type': 'application/json',
              },
            },
          ],
          file({ web: { type: 'cloud-run', service: 'web' } }, 'shop-staging'),
          false,
        );
        const secrets = [
          ...texts.map(({ secret }) => secret),
          ...variables.map(([, value]) => value),
          label,
          header,
        ];
        const leaks = files.flatMap(({ file: name, text }) =>
          secrets
            .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
            .filter((secret) => text.includes(secret))
            .map((secret) => `${secret} in ${name}`),
        );
        expect(leaks).toEqual([]);
        for (const { file: name, text } of files) if (name.endsWith('.json')) JSON.parse(text);
        expect(
          files.filter(({ file: name, text }) => name.endsWith('.json') && text.includes('"300s"')),
        ).toHaveLength(1);
      },
    ),
    { numRuns: 50 },
  );
}, 120_000);

describe('names', () => {
  /** Names as they are chosen: with a hyphen and digits, or as one word. */
  const name = fc.oneof(
    fc.tuple(word(letters, 5, 8), word(letters, 4, 6)).map((parts) => parts.join('-')),
    word('bcdfghjkmnpqrstvwxz', 9, 12),
  );
  const names = fc.uniqueArray(name, { minLength: 9, maxLength: 9, selector: (one) => one.slice(0, 4) });

  it('with --anonymous: none is in any file, and one name has one alias', async () => {
    await fc.assert(
      fc.asyncProperty(names, fc.nat(250), async ([...all], last) => {
        const [
          project = '',
          web = '',
          link = '',
          main = '',
          company = '',
          login = '',
          jwt = '',
          person = '',
          bucket = '',
        ] = all;
        const domain = `${company}.io`;
        const host = `api.${domain}`;
        const address = `10.77.3.${String(last)}`;
        const number = '739182640517';
        const place = `projects/${project}/locations/europe-west1`;
        const files = await recorded(
          [
            {
              status: 200,
              body: {
                services: [
                  {
                    name: `${place}/services/${web}`,
                    uri: `https://${web}-${number}.europe-west1.run.app`,
                    labels: { team: login },
                  },
                ],
                revisions: [
                  {
                    name: `${place}/services/${web}/revisions/${web}-00001-abc`,
                    service: web,
                    serviceAccount: `${web}@${project}.iam.gserviceaccount.com`,
                  },
                ],
                users: [
                  { login, name: 'Someone Else' },
                  { name: person, email: `${person}@${domain}` },
                ],
              },
            },
            {
              status: 200,
              body: {
                entries: [
                  {
                    textPayload: `${web} cannot reach ${address} nor db.${domain}: asked ${login}`,
                    resource: { labels: { service_name: web, project_id: project } },
                  },
                  {
                    jsonPayload: {
                      message: `GET https://${host}/v1/${main} by ${person}@${domain}`,
                      [web]: 'key',
                    },
                  },
                  { protoPayload: { resourceName: `projects/${number}/secrets/${jwt}/versions/1` } },
                ],
              },
            },
            {
              status: 404,
              body: {
                error: { code: 404, message: `Resource '${place}/connectors/${link}' was not found.` },
              },
            },
            {
              status: 200,
              body: {},
              url: `https://monitoring.googleapis.com/v3/projects/${project}/timeSeries?filter=${encodeURIComponent(`resource.labels.service_name="${web}"`)}`,
            },
          ],
          {
            ...file(
              {
                api: { type: 'http', url: `https://${host}/health`, depends_on: ['web'] },
                web: { type: 'cloud-run', service: web, depends_on: ['link', 'db'] },
                link: { type: 'vpc-connector', name: link },
                db: { type: 'cloud-sql', instance: main },
                key: { type: 'secret', name: jwt },
                state: { type: 'terraform-state', bucket, object: 'default.tfstate' },
              },
              project,
            ),
            contacts: { lead: { name: person, assign: [login] } },
            impact: { statement: `${web} of ${company} is down` },
          },
          true,
        );
        const originals = [...all, domain, host, address, number];
        const left = files.flatMap(({ file: path, text }) =>
          originals
            .filter((original) => `${path}\n${text}`.toLowerCase().includes(original))
            .map((original) => `${original} in ${path}`),
        );
        expect(left).toEqual([]);
        const configuration = files.find(({ file: path }) => path === 'sitrep.yml')?.text ?? '';
        const service = /service: (\S+)/u.exec(configuration)?.[1] ?? 'none';
        const answers = files.filter(({ text }) => text.includes('"request"'));
        for (const part of [
          `services/${service}/revisions/${service}-00001-abc`,
          `service_name=\\"${service}\\"`,
        ])
          expect(answers.filter(({ text }) => text.includes(part)).length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  }, 120_000);
});

it('secrets that differ still differ: a recording of secrets is read again as it was read', async () => {
  const world = await startWorld();
  const config = join(dir, 'shop.yml');
  await writeFile(config, stringify(shop));
  const recording = await openRecording({ dir: join(dir, 'shop'), anonymous: true }, openLine());
  try {
    const snapshot = await collect(
      { configuration: shop },
      {
        ...world.deps,
        google: createGoogleAccess({ endpoint: world.google.url, watch: recording.recorder.watch }),
        probe: recording.recorder.probes.http(world.deps.probe),
        probeSocket: recording.recorder.probes.websocket(world.deps.probeSocket),
      },
    );
    const diff = snapshot.changes.flatMap((change) => change.diff);
    expect(diff).toContainEqual({ key: 'env.DB_PASSWORD', from: 'redacted', to: 'redacted, another value' });
    await recording.write({
      config,
      environment: null,
      configuration: shop,
      snapshot,
      endpoint: world.google.url,
    });
  } finally {
    await world.close();
  }
  const kept = await snapshotIn(join(dir, 'shop', 'snapshot.json'));
  expect(evidenceOf(await readAgain(join(dir, 'shop')))).toEqual(evidenceOf(kept));
  const texts = await textsIn(join(dir, 'shop'));
  expect(texts.filter(({ text }) => text.includes('hunter2'))).toEqual([]);
});
