import { createServer as createSecureServer } from 'node:https';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { SandboxClock } from '../clock.ts';
import { endpointAt } from '../scenario/timeline.ts';
import type { Scenario } from '../scenario/schema.ts';
import { certificateFor, newKeyPair } from './certificate.ts';

type Endpoint = Scenario['endpoints'][number];

/** A server for the endpoints of one origin: with TLS where the scenario gives one of them a certificate. */
export function serverFor(
  host: string,
  endpoints: readonly Endpoint[],
  clock: SandboxClock,
  listener: RequestListener,
): Server {
  if (!endpoints.some(({ states }) => states.some(({ tls }) => tls !== undefined))) {
    return createServer(listener);
  }
  const keys = newKeyPair();
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const contexts = new Map<string, SecureContext>();
  /** The certificate that is in use at this time. */
  const context = (): SecureContext => {
    const tls = endpoints.flatMap(({ states }) => endpointAt(states, clock.now())?.tls ?? [])[0];
    const { issuer, expires } = tls ?? { issuer: host, expires: '1971-01-01T00:00:00Z' };
    const name = JSON.stringify([issuer, expires]);
    const known =
      contexts.get(name) ??
      createSecureContext({
        key,
        cert: certificateFor({ host, issuer, expires: new Date(expires), keys }),
      });
    contexts.set(name, known);
    return known;
  };
  return createSecureServer(
    {
      SNICallback: (_, answer) => {
        answer(null, context());
      },
    },
    listener,
  );
}
