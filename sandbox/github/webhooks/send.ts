import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

/** GitHub gives up on a webhook that was not answered within this time, and does not try again. */
const timeoutMs = 10_000;

/** GitHub keeps a connection for one webhook only. */
const agent = new Agent({ keepAlive: false });

export interface WebhookAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What came of it: an answer, or why there was none. */
export type Outcome = { answer: WebhookAnswer } | { failure: 'timed out' | 'failed to connect to host' };

/** Both signatures that GitHub sends of the bytes of the body. */
export function signatures(secret: string, body: string): Record<string, string> {
  const sign = (algorithm: 'sha1' | 'sha256') =>
    `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
  return { 'x-hub-signature': sign('sha1'), 'x-hub-signature-256': sign('sha256') };
}

function textHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** Posts a webhook; ends when it was answered, has failed or was aborted. */
export function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  aborted: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([timeout, aborted]);
    const fail = () => resolve({ failure: timeout.aborted ? 'timed out' : 'failed to connect to host' });
    const sending = request(
      url,
      { method: 'POST', agent, signal, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () =>
          resolve({
            answer: {
              status: response.statusCode ?? 0,
              headers: textHeaders(response.headers),
              body: Buffer.concat(chunks).toString('utf8'),
            },
          }),
        );
      },
    );
    sending.on('error', fail);
    sending.end(body);
  });
}
