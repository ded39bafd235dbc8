import type { ASTNode } from '@marcbachmann/cel-js';
import { literalText } from './syntax.ts';

const secondsPerUnit: Readonly<Record<string, number>> = {
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** The text of a call `duration('…')`; null where the node is none. */
export function durationText(node: ASTNode): string | null {
  if (node.op !== 'call' || node.args[0] !== 'duration' || node.args[1].length !== 1) return null;
  return literalText(node.args[1][0]);
}

/** Seconds of a call `duration('1h30m')`; null where the node is none or its text is no duration of CEL. */
export function durationSeconds(node: ASTNode): number | null {
  const text = durationText(node);
  return text === null ? null : parseDuration(text);
}

/** Seconds of a duration as CEL writes it (decimal numbers, each with its unit); null for any other text. */
export function parseDuration(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = text.replace(/^[-+]/, '');
  if (!/^(?:(?:\d{1,12}(?:\.\d{0,9})?|\.\d{1,9})(?:ns|us|µs|ms|s|m|h))+$/.test(parts)) return null;
  const seconds = [...parts.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)].map(
    ([, amount, unit]) => Number(amount) * (secondsPerUnit[unit ?? ''] ?? Number.NaN),
  );
  return sign * seconds.reduce((sum, part) => sum + part, 0);
}
