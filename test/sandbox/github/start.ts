import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { frozenClock } from '../../../sandbox/clock.ts';
import { startGitHub } from '../../../sandbox/github/server.ts';
import type { GitHubOptions, GitHubStandIn } from '../../../sandbox/github/types.ts';
import { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import type { Scenario } from '../../../sandbox/scenario/schema.ts';

/** Starts stand-ins for the tests of this folder, and speaks to them. */

const manifestSchema = z.object({
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** The App's permissions, and every event that the stand-in can send. */
export const manifest = {
  ...manifestSchema.parse(parse(readFileSync(join(import.meta.dirname, '../../../app.yml'), 'utf8'))),
  default_events: ['issues', 'issue_comment'],
};

/** Everything that an operation of the stand-in may need: more than the App asks for. */
const wideManifest = {
  ...manifest,
  default_permissions: { ...manifest.default_permissions, pull_requests: 'read', deployments: 'read' },
};

export const repository = { owner: 'octo-org', repo: 'shop' };

export const scenario: Scenario = scenarioSchema.parse({
  version: 1,
  title: 'A small outage',
  start: '2025-09-15T17:00:00Z',
  repository: { owner: 'octo-org', name: 'shop' },
  people: {
    alice: { role: 'admin', name: 'Alice Ames' },
    mona: { role: 'maintain' },
    will: { role: 'write' },
    tria: { role: 'triage' },
    rhea: { role: 'read' },
    nobody: { role: 'none' },
  },
  labels: [{ name: 'P0', color: 'b60205', description: 'Everything is down' }],
  issues: [
    {
      number: 7,
      title: 'Login is down',
      body: 'Nobody gets in.',
      by: 'alice',
      at: '2025-09-15T16:50:00Z',
      labels: ['bug'],
      comments: [{ by: 'will', at: '2025-09-15T16:55:00Z', body: 'Looking.' }],
    },
    {
      number: 3,
      title: 'Older',
      by: 'will',
      at: '2025-09-01T10:00:00Z',
      state: 'closed',
      closed_at: '2025-09-02T10:00:00Z',
    },
  ],
  focus: 7,
  commits: [
    {
      sha: 'a'.repeat(40),
      at: '2025-09-14T10:00:00Z',
      by: 'will',
      message: 'Raise the timeout',
      files: ['deploy/env.yml'],
    },
    {
      sha: 'b'.repeat(40),
      at: '2025-09-15T12:00:00Z',
      by: 'mona',
      message: 'New page',
      files: ['src/page.ts', 'README.md'],
    },
  ],
  deployments: [
    { sha: 'b'.repeat(40), at: '2025-09-15T12:05:00Z', by: 'mona', environment: 'staging', state: 'success' },
  ],
});

export const files = {
  '.github/sitrep.yml': 'version: 1\ncomponents: {}\n',
  'README.md': '# Shop ☂\n',
};

/** A stand-in that whoever opens it closes. */
export function open(options: Partial<GitHubOptions> = {}): Promise<GitHubStandIn> {
  return startGitHub({
    scenario,
    files,
    manifest: wideManifest,
    clock: frozenClock(new Date(options.scenario?.start ?? scenario.start)),
    personalTokens: { ghp_alice: 'alice', ghp_rhea: 'rhea', ghp_nobody: 'nobody' },
    ...options,
  });
}

/** A stand-in that is closed when the test is over. */
export async function start(options: Partial<GitHubOptions> = {}): Promise<GitHubStandIn> {
  const github = await open(options);
  onTestFinished(() => github.close());
  return github;
}

interface Claims {
  iat?: number;
  exp?: number;
  iss?: string | number;
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A JWT of the App; `claims` replaces what is right. */
export function appJwt(github: GitHubStandIn, claims: Claims = {}, key = github.app.privateKey): string {
  const now = Math.floor(Date.now() / 1_000);
  const content = { iat: now - 30, exp: now + 540, iss: github.app.id, ...claims };
  const head = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(content)}`;
  return `${head}.${createSign('RSA-SHA256').update(head).sign(key, 'base64url')}`;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface Sending {
  method?: string;
  token?: string | null;
  headers?: Record<string, string>;
  /** Sent as JSON; a string as it is. */
  body?: unknown;
}

/** A request without a client library, so that it can be wrong in any way. */
export async function send(github: GitHubStandIn, path: string, sending: Sending = {}): Promise<Answered> {
  const { method = 'GET', token = null, headers = {}, body } = sending;
  const response = await fetch(`${github.url}${path}`, {
    method,
    headers: {
      'user-agent': 'test',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('application/json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const tokenAnswer = z.object({ token: z.string() });

/** A token of an installation, as auth-app fetches it. */
export async function installationToken(
  github: GitHubStandIn,
  id = github.app.installationId,
  body?: Record<string, unknown>,
): Promise<string> {
  const sending = { method: 'POST', token: appJwt(github), ...(body && { body }) };
  const answer = await send(github, `/app/installations/${id}/access_tokens`, sending);
  return tokenAnswer.parse(answer.body).token;
}

/** The real client, as the command line uses it. */
export function client(github: GitHubStandIn, token: string): Octokit {
  return new Octokit({
    auth: token,
    baseUrl: `${github.url}/api/v3`,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An App's endpoint that keeps what it receives. */
export async function receiver(
  status = 202,
): Promise<{ url: string; received: Received[]; answerWith(next: number): void }> {
  const received: Received[] = [];
  let answer = status;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answer).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/api/github/webhooks`,
    received,
    answerWith(next) {
      answer = next;
    },
  };
}
