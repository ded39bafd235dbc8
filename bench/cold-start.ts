import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, spawnServer } from './server.ts';

const patienceMs = 30_000;
/** Between two tries: less than what is measured can tell. */
const betweenMs = 2;

/** What is started: a script with its arguments, in a Node process of its own. */
export interface Start {
  /** Path of its file. */
  script: string;
  args: readonly string[];
  /** What Node itself is told. */
  nodeArgs: readonly string[];
  environment: Record<string, string>;
}

/**
 * Milliseconds from the start of a process to the 2xx that its first webhook gets. Ends it on the spot then.
 *
 * @param webhook the bytes of the request
 */
export async function coldStart(
  { script, args, nodeArgs, environment }: Start,
  webhook: Buffer,
): Promise<number> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawnServer(script, args, environment, port, nodeArgs);
  const ended = once(child, 'exit');
  try {
    while (performance.now() - startedAt < patienceMs) {
      if (child.exitCode !== null) throw new Error(`${script} ended with ${String(child.exitCode)}`);
      const status = await deliver(port, webhook);
      if (status !== null) {
        if (status < 200 || status > 299) throw new Error(`${script} answered ${String(status)}`);
        return performance.now() - startedAt;
      }
      await pause(betweenMs);
    }
    throw new Error(`${script} took no webhook within ${String(patienceMs)} ms`);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** The status that a webhook is answered with; null where nobody listens yet. */
async function deliver(port: number, webhook: Buffer): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const socket = connect(port, '127.0.0.1', () => socket.write(webhook));
  socket.once('data', (answer) => resolve(Number(/^HTTP\/1\.1 (\d{3})/u.exec(String(answer))?.[1])));
  socket.once('error', (error) => {
    if ('code' in error && error.code === 'ECONNREFUSED') resolve(null);
    else reject(error);
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
