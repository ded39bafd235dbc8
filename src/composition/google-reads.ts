import { readsPerMinute } from '../collectors/read-quotas.ts';
import type { ReadSharing } from '../collectors/share-reads.ts';
import type { KeptAnswer, Leave, Question, SharedReads } from '../collectors/shared-reads.ts';
import type { GoogleReads } from '../config/policy.schema.ts';
import {
  adoptWindowEnd,
  findAnswers,
  keepAnswers,
  takeReads,
  type ReadClock,
  type TakenReads,
} from '../store/google-reads.ts';
import type { Store } from '../store/open.ts';
import type { Seal } from './sealed.ts';

/** What is needed to share reads of Google with the other processes on a database. */
export interface SharedReadsOptions {
  store: Pick<Store, 'db' | 'kind'>;
  seal: Seal;
  limits: GoogleReads;
  now: () => Date;
  /** Of the quotas. */
  clock: ReadClock;
  log: { warn(fields: object, message: string): void };
}

/** How the reads of this process go together with those of all others on its database. */
export function readSharing(options: SharedReadsOptions): ReadSharing {
  const { limits, now, log } = options;
  let away = false;
  return {
    shared: storedReads(options),
    now,
    keptMs: limits.kept_seconds * 1_000,
    perMinute: limits.per_minute,
    onAway: (error) => {
      // A database that is away is told once here; it is told by whoever cannot do without it.
      if (!away) log.warn({ err: error }, 'reads of Google are not shared with other processes for now');
      away = true;
    },
  };
}

/** Where the windows of collections end, agreed on by all processes. */
export function sharedWindowEnd({ store, limits }: Pick<SharedReadsOptions, 'store' | 'limits'>) {
  return (project: string, now: Date): Promise<Date> =>
    adoptWindowEnd(store.db, project, now, limits.kept_seconds * 1_000);
}

/**
 * The shared reads on the database: quotas always; answers only where it is a server, which several processes may use.
 * An embedded one has a single process, whose own memory does.
 */
function storedReads({ store, seal, limits, now, clock }: SharedReadsOptions): SharedReads {
  const keptMs = limits.kept_seconds * 1_000;
  const keeps = store.kind === 'postgres' && keptMs > 0;

  async function known(questions: readonly Question[]): Promise<Map<string, KeptAnswer>> {
    const names = new Map(questions.map(({ text }) => [seal.nameOf(text), text]));
    const until = now();
    const after = new Date(until.getTime() - keptMs);
    const found = await findAnswers(store.db, [...names.keys()], { after, until });
    const answers = new Map<string, KeptAnswer>();
    for (const { key, readAt, sealed } of found) {
      const [text, body] = [names.get(key), seal.open(key, sealed)];
      if (text !== undefined && body !== null) answers.set(text, { body, readAt });
    }
    return answers;
  }

  return {
    async begin(questions) {
      const answers = keeps ? await known(questions) : new Map<string, KeptAnswer>();
      const open = questions.filter(({ text }) => !answers.has(text));
      const leaves = await leavesFor(open);
      return questions.map((question) => {
        const answer = answers.get(question.text);
        return answer ? { kind: 'known', answer } : (leaves.get(question) ?? { kind: 'ask' });
      });
    },
    async keep(answers) {
      if (!keeps) return;
      await keepAnswers(
        store.db,
        answers.map(({ question, answer: { body, readAt } }) => {
          const key = seal.nameOf(question.text);
          return { key, readAt, sealed: seal.close(key, body) };
        }),
      );
    },
  };

  /** Those that do not fit into the quota of their API are the last ones. */
  async function leavesFor(questions: readonly Question[]): Promise<Map<Question, Leave>> {
    const groups = [...Map.groupBy(questions, ({ project, api }) => JSON.stringify([project, api])).values()];
    const wanted = groups.map((group) => {
      const { project = '-', api = '-' } = group[0] ?? {};
      return { project, api, reads: group.length, perMinute: readsPerMinute(api, limits.per_minute) };
    });
    const taken = wanted.length === 0 ? [] : await takeReads(store.db, wanted, clock);
    return new Map(groups.flatMap((group, at) => leavesOf(group, wanted[at]?.perMinute ?? 0, taken[at])));
  }
}

function leavesOf(
  group: readonly Question[],
  perMinute: number,
  taken: TakenReads | undefined,
): [Question, Leave][] {
  const { granted, waitMs } = taken ?? { granted: group.length, waitMs: 0 };
  return group.map((question, place) => [
    question,
    place < granted ? { kind: 'ask' } : { kind: 'wait', waitMs, perMinute },
  ]);
}
