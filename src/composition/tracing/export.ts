import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { version } from '../../version.ts';

/** The traces of this process, on their way to a collector. Load this file only where they are wanted. */
export interface Tracing {
  /** Sends what is left, within some seconds, and ends. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** Base address of an OTLP receiver; `/v1/traces` is appended. */
  endpoint: string;
  serviceName: string;
  log: { warn(fields: object, message: string): void };
}

/** A collector that takes longer gets nothing. */
const answerMs = 2_000;

/** Has all spans of the process sent to a collector, by OTLP over HTTP. Headers, limits and the sampler are those of OpenTelemetry's own variables. */
export function startTracing({ endpoint, serviceName, log }: TracingOptions): Tracing {
  const url = `${endpoint.replace(/\/+$/u, '')}/v1/traces`;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: answerMs }))],
  });
  provider.register();
  const told = firstOnly(log);
  diag.setLogger(told, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  return {
    async close() {
      // What does not arrive is lost: traces are worth no delay.
      await provider.shutdown().catch((error: unknown) => told.error(String(error)));
      trace.disable();
      context.disable();
      propagation.disable();
      diag.disable();
    },
  };
}

const ignore = () => undefined;

/** A collector that is away is told once, not at every try. */
function firstOnly(log: TracingOptions['log']) {
  let told = false;
  return {
    error(message: string) {
      if (told) return;
      told = true;
      log.warn({ reason: message.slice(0, 300) }, 'traces could not be sent; more of this is not told');
    },
    warn: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
}
