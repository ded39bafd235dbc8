import type { ServerResponse } from 'node:http';

/** What is told to open pages: `change` when what they show may differ, `clock` and `requests` with their values. */
type PageEvent = 'change' | 'clock' | 'requests';

/** Server-sent events to every open page. */
export interface ChangeFeed {
  follow(response: ServerResponse): void;
  changed(): void;
  close(): void;
}

const beat = 500;

/** While pages are open they are told the clock once a second, and the count of requests, only when these have moved. */
export function changeFeed(now: () => Date, requests: () => number): ChangeFeed {
  const followers = new Set<ServerResponse>();
  const told = new Map<PageEvent, string>();
  const tell = (event: PageEvent, data: string): void => {
    for (const follower of followers) follower.write(`event: ${event}\ndata: ${data}\n\n`);
  };
  const tellNews = (event: PageEvent, data: string): void => {
    if (told.get(event) === data) return;
    told.set(event, data);
    tell(event, data);
  };
  const timer = setInterval(() => {
    if (followers.size === 0) return;
    tellNews('clock', `${now().toISOString().slice(0, 19)}Z`);
    tellNews('requests', String(requests()));
  }, beat);
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
