import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
} from '@opentelemetry/api';
import { RetryLater } from './core/retry-later.ts';

/**
 * Spans, by OpenTelemetry's API: it does nothing while nobody exports them (`composition/tracing/export.ts`). Attributes hold
 * names and numbers of our own alone: no text of people, no repository, no setting.
 */

/** What is told of a span from its beginning. */
export interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
  /** What it goes on with, as `traceCarrier` gave it; the span that is under way, where it is missing. */
  parent?: TraceCarrier;
}

/** Where a trace goes on, in the words of W3C Trace Context; empty where there is none. */
export interface TraceCarrier {
  traceparent?: string;
}

/** The place of the span that is under way, to be kept with work that is done later, or elsewhere. */
export function traceCarrier(): TraceCarrier {
  const carrier: TraceCarrier = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent === undefined ? {} : { traceparent: carrier.traceparent };
}

/** Runs something within a span, which ends with it. Of an error its name is noted, never its text. */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  return await started(name, options, async (span) => {
    try {
      return await run(span);
    } catch (error) {
      noteFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The same for what is computed at once. */
export function inSpanAtOnce<Result>(name: string, run: () => Result): Result {
  return started(name, {}, (span) => {
    try {
      return run();
    } catch (error) {
      noteFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Begins a span below the one that is under way; whoever begins it ends it. */
export function beginSpan(name: string): Span {
  return trace.getTracer('sitrep').startSpan(name);
}

function started<Result>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, parent }: SpanOptions,
  run: (span: Span) => Result,
): Result {
  const from = parent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, parent);
  return trace.getTracer('sitrep').startActiveSpan(name, { kind, attributes }, from, run);
}

function noteFailure(span: Span, error: unknown): void {
  // Too early is no failure.
  if (error instanceof RetryLater) {
    span.setAttribute('sitrep.put_off_ms', error.afterMs);
    return;
  }
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
}
