import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { signatures } from '../../sandbox/github/webhooks/send.ts';
import { webhookPath } from '../../src/intake/webhook.ts';
import type { Play } from '../app/play.ts';

/** The parts of a webhook about an issue that tests change; all else goes through as it came. */
export interface Payload {
  action: string;
  sender: { login: string; type: string };
  repository: { fork: boolean; full_name: string; default_branch: string };
  issue: Record<string, unknown>;
  comment?: {
    body: string;
    author_association: string;
    user: { login: string; type: string } | null;
    performed_via_github_app: unknown;
  };
}

/** Stands between GitHub and the app. */
export interface Relay {
  /** What is done to each payload before it goes on, signed anew; nothing at first. */
  change: (payload: Payload) => void;
  /** What the app said last of a delivery. */
  answered: { status: number; text: string };
}

/**
 * Leads the webhooks of a play's GitHub through a relay that can change them: a payload that the stand-in would never
 * send, and that is signed all the same. What happens on GitHub between a webhook's making and its arrival goes there too.
 */
export async function relayOf({ github, app }: Play): Promise<Relay> {
  const relay: Relay = { change: () => undefined, answered: { status: 0, text: '' } };
  const forward = async (headers: NodeJS.Dict<string | string[]>, body: string) => {
    const payload: Payload = JSON.parse(body);
    relay.change(payload);
    const changed = JSON.stringify(payload);
    const passed = ['content-type', 'x-github-delivery', 'x-github-event'].map((name) => [
      name,
      String(headers[name]),
    ]);
    const response = await fetch(`${app.url}${webhookPath}`, {
      method: 'POST',
      body: changed,
      headers: { ...Object.fromEntries(passed), ...signatures(github.app.webhookSecret, changed) },
    });
    relay.answered = { status: response.status, text: await response.text() };
    return relay.answered;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      forward(request.headers, Buffer.concat(chunks).toString('utf8')).then(
        ({ status, text }) => response.writeHead(status).end(text),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the relay listens on no port');
  github.deliverTo(`http://127.0.0.1:${String(address.port)}/`);
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return relay;
}
