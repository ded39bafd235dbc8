import { isFrame } from '../log-text/exception-lines.ts';
import type { Block } from './issue-blocks.ts';

/** Error lines in what somebody wrote: each line of a block of code, and what looks like one in a sentence. */

/** Error lines taken from one incident at most. */
const mostLines = 200;

/** A fence of commands or settings; a person shows what was typed or configured there, not what was logged. */
const noLog = new Set([
  'bash',
  'sh',
  'shell',
  'zsh',
  'yaml',
  'yml',
  'hcl',
  'terraform',
  'diff',
  'sql',
  'mermaid',
  'dockerfile',
]);

/** A line of a terminal that was typed, or that a tool says of its own work. */
const typed =
  /^\s*(?:[$%❯]\s|[\w.-]+@[\w.-]+:\S*\$\s|(?:gcloud|kubectl|curl|git|npm|docker|terraform|psql|helm)\s|[*<>]\s|#\s)/;

/** What a sentence goes over into an error line with: a level or an exception, and what it says. */
const within =
  /(?:\b(?:FATAL|ERROR|CRITICAL|PANIC|SEVERE|panic):\s|(?:\b[A-Za-z_$][\w.$]{0,160})?(?:Error|Exception|Exhausted|Failure)\b(?: \[\w+\])?: )\S.*$/;

/** A line of a log by its beginning: a time or a level. */
const logged =
  /^\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d\b|(?:FATAL|ERROR|CRITICAL|PANIC|WARN(?:ING)?|SEVERE)\b)/;

const codeSpan = /`([^`\n]+)`/g;

/** Whether a block shows what was typed or configured, and nothing of what was logged or said. */
export function isCommands({ kind, language, lines }: Block): boolean {
  return (
    kind === 'code' && (noLog.has(language) || lines.every((line) => line.trim() === '' || typed.test(line)))
  );
}

/** The error lines of these blocks, each once, in their order. */
export function errorLinesOf(blocks: readonly Block[]): string[] {
  const lines = blocks.flatMap((block) => {
    if (isCommands(block)) return [];
    return block.lines.flatMap(block.kind === 'code' ? lineOfCode : linesOfProse);
  });
  return [...new Set(lines)].slice(0, mostLines);
}

function lineOfCode(line: string): string[] {
  const message = messageOf(line.trim());
  if (message !== null) return message;
  if (line.trim() === '' || isFrame(line) || typed.test(line)) return [];
  return [line.trim()];
}

/** Names under which loggers write the message. */
const messageKeys = ['message', 'msg', 'textPayload', 'error', 'err', 'exception'] as const;

/** The message of an entry in JSON, the payload of Cloud Logging included; null where the line is none. */
function messageOf(line: string): string[] | null {
  if (!line.startsWith('{') || !line.endsWith('}')) return null;
  const entry = parsed(line);
  if (entry === null) return null;
  const payload = recordOf(entry['jsonPayload']) ?? {};
  const messages = messageKeys.flatMap((key) => [entry[key], payload[key]]);
  return messages.flatMap((message) =>
    typeof message === 'string'
      ? message.split('\n').flatMap((part) => (isFrame(part) ? [] : [part.trim()]))
      : [],
  );
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    return recordOf(JSON.parse(line));
  } catch {
    return null; // cut by the writer, or no JSON at all: a line like others
  }
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function linesOfProse(line: string): string[] {
  const spans = [...line.matchAll(codeSpan)].map(([, inside = '']) => inside.trim());
  const rest = line.replaceAll(codeSpan, ' ');
  const said = logged.test(rest) ? rest.trim() : within.exec(rest)?.[0];
  // A single word in code is a name.
  const sentences = spans.filter((span) => /\S\s/.test(span) && !typed.test(span));
  return [...sentences, ...(said === undefined ? [] : [said])];
}
