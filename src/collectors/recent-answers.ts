import type { KeptAnswer } from './shared-reads.ts';

/** Answers that are kept no longer than some seconds, and not more of them than fits. */
export interface RecentAnswers {
  /** The answer to a question, where it was read so lately; null where it was not, or lies ahead of the clock. */
  find(text: string): KeptAnswer | null;
  keep(text: string, answer: KeptAnswer): void;
}

/** Characters of all answers together that one process keeps. */
const sizeAtMost = 32 * 1024 * 1024;

/** Opens an empty one; the oldest go first. */
export function recentAnswers(keptMs: number, now: () => Date): RecentAnswers {
  const kept = new Map<string, KeptAnswer>();
  let size = 0;

  function forget(text: string): void {
    size -= kept.get(text)?.body.length ?? 0;
    kept.delete(text);
  }

  function isRecent({ readAt }: KeptAnswer): boolean {
    const age = now().getTime() - readAt.getTime();
    return age >= 0 && age < keptMs;
  }

  return {
    find(text) {
      const answer = kept.get(text);
      return answer !== undefined && isRecent(answer) ? answer : null;
    },
    keep(text, answer) {
      forget(text);
      kept.set(text, answer);
      size += answer.body.length;
      for (const [oldest, held] of kept) {
        if (size <= sizeAtMost && isRecent(held)) break;
        forget(oldest);
      }
    },
  };
}
