import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { readAppManifest } from '../composition/manifest.ts';
import { envFileName, withVariables } from '../config/env-file.ts';
import { isCredential, type ServerEnvironment } from '../config/environment.ts';
import type { AppCredentials } from '../intake/set-up.ts';
import { webhookPath } from '../intake/webhook.ts';
import { createLog } from '../log.ts';
import { examinedEnvironment } from './environment.ts';
import { expectWritable, fileFault } from './files.ts';
import { InputError, type CommandLine } from './io.ts';
import { listening } from './listening.ts';

/**
 * What an App is registered with whose webhooks nobody knows the way of: GitHub's own example, and not active, so that
 * nothing is ever sent there.
 */
const placeholder = { url: `https://example.com${webhookPath}`, active: false };

/** Makes the GitHub App with the person at the browser, until it is interrupted. @throws InputError as `sitrep start` does */
export async function setUp(line: CommandLine): Promise<void> {
  const environment = await sound(line);
  const manifest = await readAppManifest();
  const hook = environment.webhookUrl === null ? placeholder : { url: environment.webhookUrl, active: true };
  const file = resolve(envFileName);
  // GitHub gives the credentials once: it is late then to find that they cannot be kept.
  await expectWritable(file);
  const log = createLog(environment.logLevel === 'silent' ? 'silent' : 'warn', pino.destination(2));
  const ended = line.interrupted();
  // Loaded here: the other subcommands do without Probot.
  const { startSetUp } = await import('../intake/set-up.ts');
  const server = await listening(
    startSetUp({
      manifest: { ...manifest, hook_attributes: hook },
      port: environment.port,
      random: () => randomBytes(16).toString('hex'),
      log,
      save(credentials) {
        save(credentials, file);
        line.out(nextSteps(credentials, file, environment));
      },
    }),
    'set PORT to one that is free',
  );
  line.out(welcome(server.url, line.environment['GH_ORG'] ?? '', environment));
  await ended;
  await server.stop();
}

/** The environment, which may lack the credentials and nothing else. */
async function sound(line: CommandLine): Promise<ServerEnvironment> {
  const { value, errors } = await examinedEnvironment(line);
  const faults = errors.filter(({ variable }) => !isCredential(variable));
  if (faults.length === 0) return value;
  throw new InputError(faults.map(({ message, remedy }) => `${message}; ${remedy}`).join('\n'));
}

/** For the eyes of this user alone, and whole or not at all. */
function save({ appId, privateKey, webhookSecret }: AppCredentials, file: string): void {
  const variables = {
    APP_ID: appId,
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: webhookSecret,
  };
  const beside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(beside, withVariables(textOf(file), variables), { mode: 0o600, flag: 'wx' });
    renameSync(beside, file);
  } catch (error) {
    throw fileFault(file, error);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function welcome(url: string, organisation: string, { webhookUrl }: ServerEnvironment): string {
  return [
    'Sitrep has no GitHub App yet. To make it:',
    '',
    `  open ${url} on this machine, and press "Register GitHub App".`,
    '',
    'GitHub shows what the App may do; give it a name of your own there. Its credentials then come to .env here.',
    organisation === ''
      ? 'It becomes an App of your own account; GH_ORG=NAME sitrep start makes it one of an organisation.'
      : `It becomes an App of the organisation ${organisation} (GH_ORG).`,
    webhookUrl === null
      ? `WEBHOOK_PROXY_URL=https://YOUR-HOST${webhookPath} tells GitHub where webhooks go, if you know that already.`
      : `Its webhooks go to ${webhookUrl} (WEBHOOK_PROXY_URL).`,
    'Whoever has an App sets APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, and WEBHOOK_SECRET instead.',
    '',
  ].join('\n');
}

function nextSteps({ appId }: AppCredentials, file: string, { webhookUrl }: ServerEnvironment): string {
  const steps = [
    'install the App on the repositories whose incidents it is to look after: the browser is on that page',
    ...(webhookUrl === null
      ? [
          `make this server reachable, and set on the App's settings page, under Webhook: Active, and the URL https://YOUR-HOST${webhookPath}`,
        ]
      : []),
    'end this with Ctrl-C, and start again: sitrep start',
    'see what is missing: sitrep doctor',
  ];
  return [
    '',
    `The App is made, with the id ${appId}. Its credentials are in ${file}, which you alone may read. Next:`,
    '',
    ...steps.map((step, index) => `  ${String(index + 1)}. ${step}`),
    '',
    '',
  ].join('\n');
}
