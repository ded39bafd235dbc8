import { connect, createServer, type Socket } from 'node:net';

/** Passes a PostgreSQL server's connections on, and can swallow all that goes through it, as a dead network does. */
export interface SilentProxy {
  /** The database's address through the proxy. */
  url: string;
  /** From now on nothing passes, and nothing is refused either. */
  swallow(): void;
  /** From now on connections pass again; those from before stay dead. */
  pass(): void;
  close(): Promise<void>;
}

export async function startSilentProxy(databaseUrl: string): Promise<SilentProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const pairs = new Set<[Socket, Socket]>();
  let isSilent = false;

  const server = createServer((from) => {
    sockets.add(from);
    from.on('error', () => from.destroy());
    from.on('close', () => sockets.delete(from));
    if (isSilent) return void from.pause();
    const to = connect(Number(target.port), target.hostname);
    sockets.add(to);
    to.on('error', () => to.destroy());
    to.on('close', () => sockets.delete(to));
    from.pipe(to);
    to.pipe(from);
    pairs.add([from, to]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = new URL(databaseUrl);
  url.port = String(port);

  return {
    url: url.href,
    swallow() {
      isSilent = true;
      for (const [from, to] of pairs) {
        from.unpipe(to).pause();
        to.unpipe(from).pause();
      }
      pairs.clear();
    },
    pass() {
      isSilent = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
