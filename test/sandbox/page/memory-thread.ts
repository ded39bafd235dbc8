import type { ThreadComment, ThreadIssue, ThreadPort } from '../../../sandbox/page/port.ts';

type Deliveries = ThreadPort['deliveries'][number][];

/** A thread in memory that a test can write into from both sides: as a person, and as the app. */
export interface MemoryThread extends ThreadPort {
  deliveries: Deliveries;
  say(comment: Partial<ThreadComment> & Pick<ThreadComment, 'by' | 'body'>): ThreadComment;
  react(id: number, reaction: string): void;
  wear(label: string): void;
}

export function memoryThread(issue: ThreadIssue, now: () => Date): MemoryThread {
  const comments: ThreadComment[] = [];
  const deliveries: Deliveries = [];
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const deliver = (login: string, event: string, action: string): void => {
    const type = login.endsWith('[bot]') ? 'Bot' : 'User';
    const guid = `guid-${String(deliveries.length + 1)}`;
    deliveries.push({ guid, event, action, status: 202, payload: { sender: { login, type } } });
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
    deliver(comment.by, 'issue_comment', 'created');
    changed();
    return whole;
  };
  const setState = (state: string): Promise<unknown> => {
    issue.state = state;
    changed();
    return Promise.resolve();
  };
  return {
    deliveries,
    issue: () => structuredClone(issue),
    thread: () => structuredClone(comments),
    comment(by, _issue, body) {
      if (body === 'not me') return Promise.reject(new Error(`${by} may not write here.`));
      return Promise.resolve({ commentId: say({ by, body }).id });
    },
    editComment(by, id, body) {
      const comment = comments.find((one) => one.id === id);
      if (!comment || by === 'mallory') return Promise.reject(new Error(`${by} may not edit ${String(id)}.`));
      comment.body = body;
      comment.editedAt = now().toISOString();
      changed();
      return Promise.resolve();
    },
    label(by, _issue, { add, remove }) {
      if (by === 'mallory') return Promise.reject(new Error('mallory may not label.'));
      issue.labels = [
        ...issue.labels.filter((label) => label !== remove),
        ...(add === undefined ? [] : [add]),
      ];
      changed();
      return Promise.resolve();
    },
    closeIssue: () => setState('closed'),
    reopenIssue: () => setState('open'),
    redeliver(guid) {
      const known = deliveries.find((one) => one.guid === guid);
      if (!known) return Promise.reject(new Error(`no delivery ${guid}`));
      deliveries.push(known);
      return Promise.resolve(known);
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
    wear(label) {
      issue.labels.push(label);
      changed();
    },
  };
}
