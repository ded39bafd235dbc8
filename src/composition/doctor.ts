import { countJobs, queueExists, type QueueCount } from '../queue/dead-letters.ts';
import { freeBytes, warnBelowBytes } from '../store/disk.ts';
import { newerDatabase } from '../store/errors.ts';
import type { SchemaState } from '../store/migrate.ts';
import type { Store } from '../store/open.ts';
import { openTroubles, type StoredTrouble } from '../store/troubles.ts';
import { dateTime } from '../core/figures.ts';
import { troubleWords } from '../core/troubles.ts';
import { version } from '../version.ts';
import { explainDeadLetters, type ExplainedLetter } from './dead-letters.ts';
import type { DoctorReport, Problem, ReportedLetter } from './doctor-report.ts';

/** A job that is due waits for milliseconds where all is well, and for the jobs of its issue at the worst. */
const longWaitMs = 5 * 60_000;

export interface Examination {
  store: Store;
  schema: SchemaState;
  /** Process id of the server that looks at itself; null where nobody serves this store. */
  server: number | null;
  now: Date;
}

/** Looks at the database and the queue; changes nothing. */
export async function examine({ store, schema, server, now }: Examination): Promise<DoctorReport> {
  // What a newer Sitrep made may not fit the questions of this one.
  const isReadable = schema.unknown.length === 0;
  const queues = isReadable && (await queueExists(store)) ? await countJobs(store) : null;
  const isCurrent = isReadable && schema.missing.length === 0;
  const letters = isCurrent ? await explainDeadLetters(store) : [];
  const troubles = isCurrent ? await openTroubles(store.db) : [];
  const free = store.directory === null ? null : freeBytes(store.directory);
  return {
    version,
    at: now.toISOString(),
    server,
    database: {
      kind: store.kind === 'pglite' ? 'embedded' : 'postgres',
      where: store.where,
      freeBytes: free,
      ...schema,
    },
    queues:
      queues?.map((queue) => ({ ...queue, oldestDueAt: queue.oldestDueAt?.toISOString() ?? null })) ?? null,
    deadLetters: letters.map(reported),
    troubles: troubles.map(({ kind, beganAt, seenAt }) => ({
      kind,
      beganAt: beganAt.toISOString(),
      seenAt: seenAt.toISOString(),
    })),
    problems: [
      ...schemaProblems(schema),
      ...diskProblems(store, free),
      ...queueProblems(store, queues ?? [], server, now),
      ...letterProblems(letters.length),
      ...troubles.map(troubleProblem),
    ],
  };
}

/** A dead letter as it is reported: of its data nothing but what it was for. */
export function reported(letter: ExplainedLetter): ReportedLetter {
  const { id, queue, createdAt, givenUpAt, tries, reason, purpose } = letter;
  return {
    id,
    queue,
    createdAt: createdAt.toISOString(),
    givenUpAt: givenUpAt.toISOString(),
    tries,
    reason,
    purpose,
  };
}

function schemaProblems({ missing, unknown }: SchemaState): Problem[] {
  if (unknown.length > 0) return [{ about: 'database', text: newerDatabase(unknown).message }];
  if (missing.length === 0) return [];
  const names = missing.map((name) => `migrations/${name}.sql`).join(', ');
  const text = `The database is older than this Sitrep: ${names} did not run yet. Start this Sitrep: it brings the database up before anything else.`;
  return [{ about: 'database', text }];
}

function diskProblems({ where }: Store, free: number | null): Problem[] {
  if (free === null || free >= warnBelowBytes) return [];
  const megabytes = String(Math.floor(free / 1024 / 1024));
  const text = `The disk of the database (${where}) has ${megabytes} MB left. Free some space: when it is full, the server stops.`;
  return [{ about: 'database', text }];
}

function queueProblems(store: Store, queues: QueueCount[], server: number | null, now: Date): Problem[] {
  const isUnserved = store.kind === 'pglite' && server === null;
  return queues.flatMap(({ name, waiting, oldestDueAt }): Problem[] => {
    if (oldestDueAt === null) return [];
    const minutes = Math.floor((now.getTime() - oldestDueAt.getTime()) / 60_000);
    const jobs = `${String(waiting)} job${waiting === 1 ? '' : 's'} of the queue ${name}`;
    if (isUnserved)
      return [
        {
          about: 'queue',
          text: `${jobs} cannot run: no server runs on ${store.where}. Start it: sitrep start.`,
        },
      ];
    if (now.getTime() - oldestDueAt.getTime() < longWaitMs) return [];
    const remedy =
      server === null
        ? 'Check that a server runs on this database (sitrep start), and look at its log.'
        : 'Look at the log of the server for jobs that hang or fail, and start it anew if it says nothing.';
    return [
      { about: 'queue', text: `${jobs} wait, the oldest for ${String(minutes)} min although due. ${remedy}` },
    ];
  });
}

function letterProblems(count: number): Problem[] {
  if (count === 0) return [];
  const text = `${String(count)} job${count === 1 ? '' : 's'} failed at every try. Remove the cause that is given with each, then have them tried again: sitrep doctor --retry ID, or --retry all.`;
  return [{ about: 'dead letters', text }];
}

function troubleProblem({ kind, beganAt, seenAt }: StoredTrouble): Problem {
  const { begun, todo } = troubleWords[kind];
  const [began, seen] = [dateTime(beganAt.toISOString()), dateTime(seenAt.toISOString())];
  return { about: 'trouble', text: `Since ${began} ${begun} (seen last at ${seen}). ${todo}` };
}
