import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { Copy, DockerfileParser, type From, type JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

/** The image, as far as it can be judged without making it. */

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string) => readFile(path.join(root, file), 'utf8');

const text = await read('Dockerfile');
const dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions();
const ignored = (await read('.dockerignore')).split('\n');
const manifest = z
  .object({ bin: z.object({ sitrep: z.string() }), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await read('package.json')));

/** What the last stage says, in order: `KEYWORD arguments`. */
const last = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === 'FROM'));
const said = (keyword: string) =>
  last.filter((one) => one.getKeyword() === keyword).map((one) => one.getRawArgumentsContent() ?? '');

/** The words of an instruction in JSON form. */
function exec(keyword: string): string[] {
  const content = said(keyword)[0] ?? '';
  return z.array(z.string()).parse(JSON.parse(content.slice(content.indexOf('['))));
}

test('is a Dockerfile without an error or a warning', () => {
  const problems = validate(text).map(({ message, range }) => `${String(range.start.line + 1)}: ${message}`);
  expect(problems).toEqual([]);
});

test('begins with the Node that the checkout pins', () => {
  const images = dockerfile.getFROMs().map((from: From) => from.getImage());
  expect(images[0]).toMatch(new RegExp(`^node:${manifest.devDependencies['node'] ?? '?'}-\\w+-slim$`, 'u'));
});

test('copies nothing that is not there, or is left out of what is sent', async () => {
  const copied = instructions.flatMap((one) =>
    one instanceof Copy && one.getFromFlag() === null
      ? one
          .getArguments()
          .slice(0, -1)
          .map((argument) => argument.getValue())
      : [],
  );
  expect(copied.length).toBeGreaterThan(8);
  for (const name of copied) {
    await expect(stat(path.join(root, name)), name).resolves.toBeDefined();
    expect(ignored).toContain(`!${name}`);
  }
  expect(
    ignored
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
      .toSorted(),
  ).toEqual([...new Set(copied)].toSorted());
});

test('runs as no root, listens for the outside, and hears signals itself', () => {
  expect(said('USER')).toEqual(['node']);
  expect(said('ENV').join(' ')).toContain('HOST=0.0.0.0');
  // Without a shell before it, which would keep SIGTERM for itself.
  const [node, ...words] = exec('ENTRYPOINT');
  expect([node, words.at(-1)]).toEqual(['node', `/app/${manifest.bin.sitrep}`]);
  const flags = words.slice(0, -1).map((flag) => flag.replace(/=.*$/u, ''));
  expect(flags.filter((flag) => !process.allowedNodeEnvironmentFlags.has(flag))).toEqual([]);
  expect(exec('CMD')).toEqual(['start']);
  const order = last.map((one) => one.getKeyword());
  expect(order.indexOf('USER')).toBeLessThan(order.indexOf('ENTRYPOINT'));
});

describe('the health check', () => {
  const health = last.find((one): one is JSONInstruction => one.getKeyword() === 'HEALTHCHECK');

  test.each([
    ['a server that says that it lives', 200, 0],
    ['one that says that it does not', 503, 1],
    ['nobody', null, 1],
  ])('of %s', async (_who, status, code) => {
    expect(health).toBeDefined();
    const port = await answering(status);
    const [program = '', ...args] = exec('HEALTHCHECK');
    expect(program).toBe('node');
    const ended = await run(process.execPath, args, { env: { PORT: String(port) } }).then(
      () => 0,
      (error: unknown) => z.object({ code: z.number() }).parse(error).code,
    );
    expect(ended).toBe(code);
  });
});

/** A port on which `/healthz` is answered so; with null one where nobody listens. */
async function answering(status: number | null): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/healthz' ? (status ?? 500) : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  const address = z.object({ port: z.int() }).parse(server.address());
  if (status === null) await close();
  else onTestFinished(async () => void (await close()));
  return address.port;
}
