import { linesOf } from '../diagnose/log-lines.ts';
import { saidElsewhere } from './answering-revision.ts';
import { logHasNone } from './refutations.ts';
import type { Refutation } from './refutations.ts';
import type { RuleContext } from './rule.ts';

/**
 * What speaks against a cause of which no revision in use logs a line: that only another one does, or that the log was
 * read in full and has none (`none` says of what). Null where neither is known.
 */
export function notLogged(
  { found, component }: RuleContext,
  pattern: RegExp,
  none: string,
): Refutation | null {
  return saidElsewhere(linesOf(found, component, pattern)) ?? logHasNone(found, component, none);
}
