import { withoutSecrets } from '../../core/secrets/without-secrets.ts';
import type { GapReason, Source } from '../../core/snapshot.ts';
import type { Deadline } from '../deadline.ts';
import { asReadFailure, raced } from '../read-failure.ts';
import { remedy } from '../remedy.ts';

/** What is asked of a Google API, and what has to be granted for it. */
export interface Question {
  /** What is looked for, in words: `Cloud Run services`. */
  what: string;
  /** The role that it needs on the project. */
  role: string;
  project: string;
  source: Source;
  /** The bucket that the role is granted on, where it is not the project. */
  bucket?: string;
}

/** What could not be read, as a gap would tell it: why, and what to do. */
export interface Missing {
  what: string;
  /** Host of the API. */
  api: string;
  reason: GapReason;
  /** What was answered: one line, without secrets. */
  detail: string;
  remedy: string;
}

export type Answered<Value> = { value: Value } | { missing: Missing };

/** Longest detail that is shown, in characters. */
const longestDetail = 300;

/** Asks within the time that one read has; what fails is told as a collector's gap. Never rejects. */
export async function ask<Value>(
  question: Question,
  deadline: Deadline,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Answered<Value>> {
  const time = deadline.startRead();
  try {
    return { value: await raced(run(time.signal), time.signal) };
  } catch (error) {
    return { missing: missingOf(question, error) };
  } finally {
    time.end();
  }
}

function missingOf({ what, role, project, source, bucket }: Question, error: unknown): Missing {
  const failure = asReadFailure(error, 'invalid-response');
  const api = failure.service ?? source.api;
  return {
    what,
    api,
    reason: failure.reason,
    detail: oneLine(failure.detail),
    remedy:
      failure.remedy ??
      remedy(failure.reason, { api, role, project, source, host: null, bucket: bucket ?? null }),
  };
}

function oneLine(text: string): string {
  const clean = withoutSecrets(text.slice(0, 2_000), () => 'redacted');
  return clean
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, longestDetail);
}
