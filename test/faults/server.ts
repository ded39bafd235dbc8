import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { compiledBefore } from '../compiled.ts';

/** A Sitrep in a process of its own, as an operator runs it. */
export interface ServerProcess {
  /** Where it takes webhooks. */
  webhooks: string;
  /** Its log so far, one JSON object a line. */
  log: string[];
  /** Kills it on the spot: SIGKILL, which no process hears. */
  kill(): void;
  /** Halts it where it is (SIGSTOP), until it goes on. */
  halt(): void;
  goOn(): void;
  /** Exit code; null where a signal ended it. */
  ended: Promise<number | null>;
  /** Asks it to end, by SIGTERM unless another signal is given, and waits until it has; gives the exit code. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>;
}

const listening = z.object({ msg: z.literal('listening'), url: z.string() });
const startLimitMs = 120_000;
/** Enough to see what happened; a run of hundreds of trials says more than is kept. */
const keptLines = 2_000;

const running = new Set<{ kill(signal: 'SIGKILL'): boolean }>();
// A worker of the tests that is ended leaves no server behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** `sitrep start` with this environment; resolves when it listens. */
export function startServer(environment: Record<string, string>): Promise<ServerProcess> {
  return startScript(new URL('../../src/cli.ts', import.meta.url), ['start'], environment);
}

/** The same with shorter waits; see server-process.ts. */
export function startHastyServer(
  environment: Record<string, string>,
  waits: { githubTimeoutMs: number; settleMs: number; graceMs?: number } = {
    githubTimeoutMs: 2_000,
    settleMs: 300,
  },
): Promise<ServerProcess> {
  return startScript(new URL('./server-process.ts', import.meta.url), [JSON.stringify(waits)], environment);
}

/** Starts a server that logs `listening` with its URL. @throws with its output, where it ends before that */
async function startScript(
  script: URL,
  args: string[],
  environment: Record<string, string>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    env: {
      PATH: process.env['PATH'],
      ...compiledBefore(),
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const log: string[] = [];
  const started = Promise.withResolvers<string>();
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      started.reject(
        new Error(`the server ended with ${String(code)} before it listened:\n${log.join('\n')}`),
      );
      resolve(code);
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      log.push(line);
      if (log.length > keptLines) log.shift();
      const url = urlIn(line);
      if (url !== null) started.resolve(url);
    });
  }
  const limit = setTimeout(() => {
    started.reject(
      new Error(`the server did not listen within ${String(startLimitMs)} ms:\n${log.join('\n')}`),
    );
    child.kill('SIGKILL');
  }, startLimitMs);
  try {
    const url = await started.promise;
    return {
      webhooks: `${url}/api/github/webhooks`,
      log,
      ended,
      kill: () => void child.kill('SIGKILL'),
      halt: () => void child.kill('SIGSTOP'),
      goOn: () => void child.kill('SIGCONT'),
      stop(signal = 'SIGTERM') {
        child.kill(signal);
        return ended;
      },
    };
  } finally {
    clearTimeout(limit);
  }
}

/** Where the line says that the server listens, the URL. */
function urlIn(line: string): string | null {
  if (!line.includes('"listening"')) return null;
  return listening.parse(JSON.parse(line)).url;
}
