import { z } from 'zod';

/** Entries of `entries.list` (google.logging.v2), parsed into our own type. */

const text = z.string().optional();

const instant = z
  .string()
  .refine((value) => Number.isFinite(Date.parse(value)), 'not a time')
  .transform((value) => new Date(value).toISOString());

/** One entry of the log of a Cloud Run service. */
export const logEntry = z
  .object({
    insertId: text,
    logName: z.string().default(''),
    timestamp: instant,
    severity: z.string().default('DEFAULT'),
    resource: z.object({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
    textPayload: text,
    jsonPayload: z.record(z.string(), z.unknown()).optional(),
    protoPayload: z.record(z.string(), z.unknown()).optional(),
    httpRequest: z.object({ requestMethod: text, status: z.number().optional() }).optional(),
  })
  .transform((value) => ({
    id: `${value.timestamp} ${value.logName} ${value.insertId ?? ''}`,
    at: value.timestamp,
    severity: value.severity,
    service: value.resource.labels['service_name'] ?? '',
    revision: value.resource.labels['revision_name'] ?? null,
    /** Whether Cloud Run itself wrote it, not the application. */
    system: value.logName.endsWith('varlog%2Fsystem'),
    message: messageOf(value),
  }));

/** What can hold the message in a structured entry, by how often frameworks use it. */
const messageFields = ['message', 'msg', 'textPayload', 'error', 'err', 'exception', 'stack_trace', 'status'];

/** What can hold the traceback beside the message. */
const traceFields = ['stack_trace', 'exc_info', 'exception', 'stack', 'err', 'error'];

/** Longest message that is looked at, in characters; an entry may have 256 KB. */
const longest = 20_000;

function messageOf(value: {
  textPayload?: string | undefined;
  jsonPayload?: Record<string, unknown> | undefined;
  protoPayload?: Record<string, unknown> | undefined;
  httpRequest?: { requestMethod?: string | undefined; status?: number | undefined } | undefined;
}): string {
  const structured = value.jsonPayload ?? value.protoPayload;
  const own = value.textPayload ?? textIn(structured, messageFields, ['message', 'stack']);
  const trace = textIn(structured, traceFields, ['stack', 'stack_trace']);
  const told = [own, trace].filter((part) => part !== undefined);
  // Most traces begin with the message.
  if (own !== undefined && trace !== undefined && trace.includes(own)) told.shift();
  if (told.length > 0) return told.join('\n').slice(0, longest);
  if (value.httpRequest?.status) return `HTTP ${value.httpRequest.status}`;
  return structured === undefined ? '' : JSON.stringify(structured).slice(0, longest);
}

/** The first of these fields that holds a text, itself or in one of its own fields: errors are logged as objects too. */
function textIn(
  structured: Record<string, unknown> | undefined,
  fields: readonly string[],
  inner: readonly string[],
): string | undefined {
  for (const field of fields) {
    const found = structured?.[field];
    if (typeof found === 'string' && found !== '') return found;
    const nested = object.safeParse(found);
    const held = nested.success
      ? inner.map((name) => nested.data[name]).find((one) => typeof one === 'string' && one !== '')
      : undefined;
    if (typeof held === 'string') return held;
  }
  return undefined;
}

const object = z.record(z.string(), z.unknown());

export type LogEntry = z.output<typeof logEntry>;
