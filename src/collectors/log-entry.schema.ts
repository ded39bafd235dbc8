import { z } from 'zod';

/** Entries of `entries.list` (google.logging.v2), parsed into our own type. */

const text = z.string().optional();

const instant = z
  .string()
  .refine((value) => Number.isFinite(Date.parse(value)), 'not a time')
  .transform((value) => new Date(value).toISOString());

const entry = z
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
const messageFields = ['message', 'msg', 'textPayload', 'error', 'exception', 'stack_trace'];

/** Longest message that is looked at, in characters. */
const longest = 20_000;

function messageOf(value: {
  textPayload?: string | undefined;
  jsonPayload?: Record<string, unknown> | undefined;
  protoPayload?: Record<string, unknown> | undefined;
  httpRequest?: { requestMethod?: string | undefined; status?: number | undefined } | undefined;
}): string {
  const structured = value.jsonPayload ?? value.protoPayload;
  const named = messageFields.map((field) => structured?.[field]).find((found) => typeof found === 'string');
  const trace = structured?.['stack_trace'] ?? structured?.['exc_info'];
  const own = value.textPayload ?? named ?? (structured ? JSON.stringify(structured) : '');
  const withTrace = typeof trace === 'string' && trace !== own ? `${own}\n${trace}` : own;
  if (withTrace !== '') return withTrace.slice(0, longest);
  return value.httpRequest?.status ? `HTTP ${value.httpRequest.status}` : '';
}

export const entryList = z.object({
  entries: z.array(entry).default([]),
  nextPageToken: z.string().optional(),
});

export type LogEntry = z.output<typeof entry>;
