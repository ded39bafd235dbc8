import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startIntake, type IntakeServer } from '../../src/intake/server.ts';
import { commentPayload } from './payload.ts';

/** What no HTTP client sends: requests byte by byte. Each ends with an answer, or a closed connection, and one line of log. */

const secret = 'the secret';
const guid = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
const body = JSON.stringify(commentPayload());

let intake: IntakeServer;
let accepted: number;
let logged: string[];
let socket: Socket | null = null;

beforeEach(async () => {
  accepted = 0;
  logged = [];
  const note = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    secret,
    previousSecret: null,
    appId: 12,
    now: () => new Date('2025-09-15T18:05:01Z'),
    randomId: () => 'an-id',
    bodyTimeoutMs: 100,
    accept: () => {
      accepted += 1;
      return Promise.resolve('new');
    },
    log: { info: note, error: note },
  });
});
afterEach(async () => {
  socket?.destroy();
  await intake.close(1_000);
});

function head(changes: Record<string, string> = {}): string {
  const headers = {
    host: 'sitrep',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-github-event': 'issue_comment',
    'x-github-delivery': guid,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    ...changes,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `POST /api/github/webhooks HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** Sends bytes, and then ends its side where told to; gives all that came back when the server has closed. */
function exchange(bytes: string, { hangUp = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    const { port, hostname } = new URL(intake.url);
    let received = '';
    const connection = connect({ port: Number(port), host: hostname }, () => {
      if (hangUp) connection.end(bytes);
      else connection.write(bytes);
    });
    socket = connection;
    connection.on('data', (chunk) => (received += chunk.toString()));
    connection.on('error', () => undefined); // a reset is an end, too
    connection.on('close', () => resolve(received));
  });
}

describe('a request that goes wrong on the wire', () => {
  test('a body that trickles in: 408, and the connection is closed', async () => {
    const answer = await exchange(head() + body.slice(0, 50));
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n/isu);
    expect(logged).toEqual([
      JSON.stringify({
        id: 'an-id',
        delivery: guid,
        status: 408,
        message: 'refused: the body is too slow',
      }),
    ]);
  });

  test('one that is refused before its body has come: whoever sends it may end, and hears why', async () => {
    const { port, hostname } = new URL(intake.url);
    const connection = connect({ port: Number(port), host: hostname });
    socket = connection;
    let received = '';
    connection.on('data', (chunk) => (received += chunk.toString()));
    connection.write(head({ 'content-type': 'application/x-www-form-urlencoded' }) + body.slice(0, 50));
    await vi.waitUntil(() => received.includes('an-id'));
    expect(received).toMatch(/^HTTP\/1\.1 415 /u);
    // The connection is there for the rest, and for what is right.
    connection.write(body.slice(50) + head() + body);
    await vi.waitUntil(() => received.includes('HTTP/1.1 202 '));
    expect(accepted).toBe(1);
    expect(logged).toHaveLength(1);
  });

  test('one that is refused with its body: the connection is closed', async () => {
    const answer = await exchange(
      head({ 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' }),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 415 .*\r\nconnection: close\r\n/isu);
    expect(logged).toHaveLength(1);
  });

  test('a connection that ends within the body', async () => {
    await exchange(head() + body.slice(0, 50), { hangUp: true });
    await vi.waitUntil(() => logged.length > 0);
    expect(logged).toEqual([
      JSON.stringify({
        id: 'an-id',
        delivery: guid,
        status: 400,
        message: 'refused: the body is cut short',
      }),
    ]);
  });

  test('a length that is too small: what follows it is no request, and the connection ends', async () => {
    const answer = await exchange(head({ 'content-length': '50' }) + body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    expect(logged.join('\n')).toContain('refused: no valid HTTP request');
    expect(accepted).toBe(0);
  });

  test.each<[what: string, bytes: string, status: number]>([
    ['a length that is none', head({ 'content-length': 'many' }) + body, 400],
    ['a length beside chunks', head({ 'transfer-encoding': 'chunked' }) + body, 400],
    ['headers without end', `POST / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`, 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
  ])('%s', async (_what, bytes, status) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `, 'u'));
    expect(answer).toMatch(/\r\n\r\nan-id\n$/u);
    expect(logged[0]).toContain('"id":"an-id"');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(`"status":${String(status)}`);
    expect(logged[0]).not.toContain('yyyy');
  });

  test('none of it is stored, and the next request is', async () => {
    await exchange(head({ 'content-length': '50', connection: 'close' }) + body.slice(0, 50));
    expect(accepted).toBe(0);
    expect(await exchange(head({ connection: 'close' }) + body)).toMatch(/^HTTP\/1\.1 202 /u);
    expect(accepted).toBe(1);
  });
});

test('a server that stops does not wait for a body that trickles in', async () => {
  const patient = await startIntake({
    host: '127.0.0.1',
    port: 0,
    secret,
    previousSecret: null,
    appId: 12,
    now: () => new Date('2025-09-15T18:05:01Z'),
    randomId: () => 'an-id',
    bodyTimeoutMs: 600_000,
    accept: () => Promise.resolve('new'),
    log: { info: () => undefined, error: () => undefined },
  });
  const { port, hostname } = new URL(patient.url);
  const cutOff = Promise.withResolvers<void>();
  socket = connect({ port: Number(port), host: hostname });
  socket.on('error', () => undefined);
  socket.on('close', () => cutOff.resolve());
  await new Promise<void>((resolve) => socket?.write(`${head()}{`, () => resolve()));
  await patient.close(50);
  await cutOff.promise;
  expect(socket.destroyed).toBe(true);
  await expect(fetch(patient.url)).rejects.toThrow('fetch failed');
});
