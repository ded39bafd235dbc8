import type { ServerResponse } from 'node:http';
import type { SandboxClock } from '../clock.ts';

/** Server-sent events to every open page: `change` when the thread may differ, `clock` with the sandbox's time. */
export interface ChangeFeed {
  follow(response: ServerResponse): void;
  changed(): void;
  close(): void;
}

const tick = 1_000;

/** While a page is open its clock is told once a second, and only when the clock has moved. */
export function changeFeed(clock: SandboxClock): ChangeFeed {
  const followers = new Set<ServerResponse>();
  let told = '';
  const tell = (event: string, data: string): void => {
    for (const follower of followers) follower.write(`event: ${event}\ndata: ${data}\n\n`);
  };
  const tellTime = (): void => {
    const now = clock.now().toISOString();
    if (now.slice(0, 19) === told.slice(0, 19)) return;
    told = now;
    tell('clock', now);
  };
  const timer = setInterval(tellTime, tick);
  timer.unref();
  return {
    follow(response) {
      response.setHeader('content-type', 'text/event-stream; charset=utf-8');
      response.write(`retry: 1000\n\nevent: change\ndata: {}\n\n`); // what happened before the stream was open
      followers.add(response);
      response.once('close', () => followers.delete(response));
    },
    changed: () => tell('change', '{}'),
    close() {
      clearInterval(timer);
      for (const follower of followers) follower.end();
    },
  };
}
