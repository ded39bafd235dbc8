import type { ThreadComment, ThreadIssue, ThreadPort } from '../../../sandbox/page/port.ts';

/** A thread in memory that a test can write into from both sides: as a person, and as the app. */
export interface MemoryThread extends ThreadPort {
  say(comment: Partial<ThreadComment> & Pick<ThreadComment, 'by' | 'body'>): ThreadComment;
  react(id: number, reaction: string): void;
  label(name: string): void;
}

export function memoryThread(issue: ThreadIssue, now: () => Date): MemoryThread {
  const comments: ThreadComment[] = [];
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const say: MemoryThread['say'] = (comment) => {
    const whole: ThreadComment = {
      id: 9_000 + comments.length,
      bot: false,
      at: now().toISOString(),
      editedAt: null,
      reactions: [],
      minimized: null,
      pinned: false,
      ...comment,
    };
    comments.push(whole);
    changed();
    return whole;
  };
  return {
    issue: () => structuredClone(issue),
    thread: () => structuredClone(comments),
    comment(by, _issue, body) {
      if (body === 'not me') return Promise.reject(new Error(`${by} may not write here.`));
      return Promise.resolve(say({ by, body }));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say,
    react(id, reaction) {
      comments.find((comment) => comment.id === id)?.reactions.push(reaction);
      changed();
    },
    label(name) {
      issue.labels.push(name);
      changed();
    },
  };
}
