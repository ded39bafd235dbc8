import { sql } from 'kysely';
import { readMigrations, schemaState, type MigrationFile } from '../store/migrate.ts';
import type { Store } from '../store/open.ts';
import type { Queue } from '../queue/port.ts';

/** What has to hold for a process to do its work. */
export const readinessChecks = ['starting', 'stopping', 'database', 'migrations', 'queue'] as const;
export type ReadinessCheck = (typeof readinessChecks)[number];

export interface Readiness {
  /** The checks that fail, in the order of the list; looked at once in a while, however often it is asked. Never rejects. */
  notReady(): Promise<readonly ReadinessCheck[]>;
  /** From now on `starting` fails no more: what carries out the work is there, and takes it from this queue. */
  begin(queue: Pick<Queue, 'works'>): void;
  /** From now on `stopping` fails. */
  stop(): void;
}

export interface ReadinessDeps {
  store: Pick<Store, 'db'>;
  /** Milliseconds that only grow. */
  clock: () => number;
  /** Hears why a check failed: no answer tells it. */
  log: { debug(fields: object, message: string): void };
}

/** An answer serves so long: whoever asks may be anybody. */
const freshMs = 1_000;
/** A database that takes longer counts as away. */
const answerMs = 3_000;

/** Looks whether this process can do its work: the database answers, its tables are ours, jobs are taken. */
export function openReadiness({ store, clock, log }: ReadinessDeps): Readiness {
  let migrations: MigrationFile[] | null = null;
  let queue: Pick<Queue, 'works'> | null = null;
  let stopping = false;
  let last: { at: number; failing: Promise<readonly ReadinessCheck[]> } | null = null;

  async function look(): Promise<ReadinessCheck[]> {
    const [isAnswering, isCurrent] = await ofDatabase();
    return [
      ...(queue === null ? (['starting'] as const) : []),
      ...(isAnswering ? [] : (['database'] as const)),
      ...(isCurrent ? [] : (['migrations'] as const)),
      ...(queue?.works() !== false ? [] : (['queue'] as const)),
    ];
  }

  /** Whether it answers, and whether its migrations are those of this Sitrep: of one that is away nobody knows. */
  async function ofDatabase(): Promise<[isAnswering: boolean, isCurrent: boolean]> {
    try {
      await within(answerMs, sql`select 1`.execute(store.db));
    } catch (error) {
      log.debug({ err: error }, 'not ready: the database does not answer');
      return [false, true];
    }
    try {
      const { missing, unknown } = await within(
        answerMs,
        schemaState(store.db, (migrations ??= await readMigrations())),
      );
      return [true, missing.length + unknown.length === 0];
    } catch (error) {
      log.debug({ err: error }, 'not ready: the migrations cannot be told');
      return [true, false];
    }
  }

  return {
    async notReady() {
      if (stopping) return ['stopping'];
      if (last === null || clock() - last.at >= freshMs) last = { at: clock(), failing: look() };
      return await last.failing;
    },
    begin(worked) {
      queue = worked;
      last = null;
    },
    stop() {
      stopping = true;
    },
  };
}

/** What `answer` gives. @throws where it takes longer */
async function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(new Error('no answer in time')), milliseconds);
  try {
    return await Promise.race([answer, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
