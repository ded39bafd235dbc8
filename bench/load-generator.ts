import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadOrder, LoadResult } from './load.ts';
import { requestTemplate } from './load-request.ts';

/**
 * The load's own process: writes pre-serialised requests to raw sockets, each connection its next as soon as the
 * last is answered (or at a pace), and tells what came back and what it cost itself.
 */

process.on('message', (order: LoadOrder) => {
  carryOut(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});

async function carryOut(order: LoadOrder): Promise<LoadResult> {
  const { hostname, port, host } = new URL(order.url);
  const templates = Array.from({ length: order.connections }, () =>
    requestTemplate(order.body, order.secret, host),
  );
  const signatures = Array.from({ length: order.most }, (_, index) =>
    templates[0]?.sign(order.firstSerial + index),
  );
  const sockets = await Promise.all(templates.map(() => opened(Number(port), hostname)));
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  let next = 0;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + order.milliseconds;

  async function keepAsking(socket: Socket, index: number): Promise<void> {
    const template = templates[index];
    const answers = answersOf(socket);
    // Connections that keep a pace do not ask all at the same moment.
    if (order.everyMs > 0) await pause((order.everyMs * index) / order.connections);
    while (performance.now() < until) {
      const serial = order.again ? next % order.most : next;
      const signature = signatures[serial];
      if (template === undefined || signature === undefined) return;
      next += 1;
      const sentAt = performance.now();
      socket.write(template.bytes(order.firstSerial + serial, signature));
      const status = await answers();
      const took = performance.now() - sentAt;
      latencies.push(took);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (order.everyMs > took) await pause(order.everyMs - took);
    }
  }

  await Promise.all(sockets.map(keepAsking));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  sockets.forEach((socket) => socket.destroy());
  latencies.sort((a, b) => a - b);
  return {
    statuses,
    seconds,
    cpuMs: (user + system) / 1_000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

function opened(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Gives the status of the next answer, once all of it is there. One answer at a time. */
function answersOf(socket: Socket): () => Promise<string> {
  let received = '';
  let waiting: PromiseWithResolvers<string> | null = null;
  const closed = new Error('the server closed the connection');
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    if (!isWhole(received)) return;
    waiting?.resolve(received.slice(9, 12));
    received = '';
    waiting = null;
  });
  socket.once('close', () => waiting?.reject(closed));
  return () => {
    if (socket.destroyed) return Promise.reject(closed);
    waiting = Promise.withResolvers<string>();
    return waiting.promise;
  };
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/iu.exec(answer)?.[1];
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= end + 4 + Number(length);
}
