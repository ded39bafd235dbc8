import type { Engine } from '../store/engine.ts';
import { openStore } from '../store/open.ts';
import type { Front, FrontOptions } from './front.ts';
import { listen } from './listen.ts';
import { openMetrics } from './metrics/open.ts';
import { openReadiness } from './readiness.ts';
import { openTracing } from './tracing/open.ts';

/**
 * Takes webhooks from here on.
 *
 * @param server the database server that is being connected to; null where it is none
 */
export async function takeWebhooks(options: FrontOptions, server: Promise<Engine> | null): Promise<Front> {
  const { environment, log } = options;
  const opened: (() => Promise<void>)[] = [];
  try {
    const store = await openStore({
      url: environment.databaseUrl,
      log,
      server,
      ...(options.onFatal === undefined ? {} : { onFatal: options.onFatal }),
    });
    opened.push(() => store.close());
    const metrics = await openMetrics(environment.metricsToken !== null, () => performance.now());
    opened.push(async () => metrics.registry?.close());
    const tracing = await openTracing(environment.traces, log);
    opened.push(async () => tracing?.close());
    const readiness = openReadiness({ store, clock: () => performance.now(), log });
    const behind = { store, readiness, metrics, tracing };
    const taking = await listen(options, behind);
    log.info({ url: taking.intake.url, database: store.kind }, 'listening');
    return { ...behind, ...taking };
  } catch (error) {
    for (const close of opened.toReversed()) await close();
    throw error;
  }
}
