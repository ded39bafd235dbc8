import type { z } from 'zod';
import { ReadFailure } from './read-failure.ts';

/** An answer as our own type; one that does not fit is an `invalid-response` that names the place. */
export function parseAnswer<S extends z.ZodType>(schema: S, answer: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String).join('.') || 'the whole answer';
  throw new ReadFailure('invalid-response', `${what}: ${path}: ${issue?.message ?? 'does not fit'}`);
}
