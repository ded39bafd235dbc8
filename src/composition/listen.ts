import { randomUUID } from 'node:crypto';
import { namesRepository } from '../config/policy.ts';
import { startIntake } from '../intake/server.ts';
import { openAcceptance } from './deliveries.ts';
import type { Front, FrontOptions } from './front.ts';
import { replayJournal } from './journal.ts';

/** Takes webhooks from here on: those that the journal still has at first. */
export async function listen(
  { environment, now, log }: FrontOptions,
  { store, readiness, metrics, tracing }: Omit<Front, 'intake' | 'acceptance'>,
): Promise<Pick<Front, 'intake' | 'acceptance'>> {
  const acceptance = openAcceptance(store, now);
  const { accept } = acceptance;
  await replayJournal(store, accept, log);
  const { metricsToken: token } = environment;
  const { registry, watches } = metrics;
  const intake = await startIntake({
    host: environment.host,
    port: environment.port,
    appId: environment.appId,
    secret: environment.webhookSecret,
    previousSecret: environment.webhookSecretPrevious,
    accept: tracing === null ? accept : (await import('./tracing/traced-accept.ts')).tracedAccept(accept),
    servesFork: (repository) => namesRepository(environment.policy, repository),
    health: {
      notReady: () => readiness.notReady(),
      metrics: registry === null || token === null ? null : { token, page: () => registry.page() },
    },
    watch: watches.delivery,
    now,
    randomId: randomUUID,
    log,
  });
  return { intake, acceptance };
}
