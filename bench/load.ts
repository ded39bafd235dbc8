import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * One window of load. The generator is our own because a durable delivery needs a GUID, a comment and so a signature of
 * its own: for such requests of 14 kB autocannon 9.0.0 (`setupRequest`, signatures made beforehand) took 85 to 139 ms of
 * CPU for 1,000 and more than halved the rate of the bare server; this one took 20 ms, in turn on the same two cores.
 * For one request sent over and over the two come closer: 24 to 47 ms against 16 to 29.
 */
export interface LoadOrder {
  /** Origin of the server. */
  url: string;
  secret: string;
  /** A template with marks: see `commentPayload`. */
  body: string;
  connections: number;
  milliseconds: number;
  /** Number of the first delivery. */
  firstSerial: number;
  /** At most so many different deliveries. */
  most: number;
  /** Whether they are sent over and over; else the window ends with the last. */
  again: boolean;
  /** Least time between two requests of a connection; 0 for none. */
  everyMs: number;
}

const result = z.object({
  /** How often each status was answered. */
  statuses: z.record(z.string(), z.number()),
  seconds: z.number(),
  /** CPU that the generator itself took. */
  cpuMs: z.number(),
  /** Milliseconds from the request's first byte to the answer's last. */
  p50: z.number(),
  p99: z.number(),
});
export type LoadResult = z.infer<typeof result>;

export interface Load {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

/** Starts the generator in a process of its own. */
export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)));
  return {
    run(order) {
      const answer = Promise.withResolvers<LoadResult>();
      child.once('message', (message) => {
        const parsed = result.safeParse(message);
        if (parsed.success) answer.resolve(parsed.data);
        else answer.reject(new Error(`the load failed: ${JSON.stringify(message)}`));
      });
      child.send(order);
      return answer.promise;
    },
    stop: () => void child.kill(),
  };
}

/** All answers of a window. */
export function answered({ statuses }: LoadResult): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0);
}

/** The generator's own cost over some windows, in words. */
export function costOfLoad(windows: readonly LoadResult[]): string {
  const total = (read: (window: LoadResult) => number) =>
    windows.reduce((sum, window) => sum + read(window), 0);
  const cpuMs = total((window) => window.cpuMs);
  const perThousand = (cpuMs / total(answered)) * 1_000;
  const share = cpuMs / (total(({ seconds }) => seconds) * 1_000);
  return `${perThousand.toFixed(0)} ms of CPU for 1,000 requests, ${(share * 100).toFixed(0)} % of a core`;
}
