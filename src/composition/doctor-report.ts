import { z } from 'zod';
import { doctorCheck } from './doctor-check.ts';
import { troubleKinds } from '../core/troubles.ts';

/** What `sitrep doctor` found, as it crosses the door of a running server and as `--json` prints it. */

const letter = z.object({
  id: z.string(),
  queue: z.string(),
  createdAt: z.iso.datetime(),
  givenUpAt: z.iso.datetime(),
  tries: z.int(),
  reason: z.string(),
  purpose: z
    .object({
      what: z.string(),
      repository: z.string().nullable(),
      issue: z.int().nullable(),
      delivery: z.string().nullable(),
    })
    .nullable(),
});

/** Something that is wrong: what, where, and what to do about it. */
const problem = z.object({
  about: z.enum(['database', 'queue', 'dead letters', 'trouble']),
  text: z.string(),
});

export const doctorReport = z.object({
  /** Version of the Sitrep that looked. */
  version: z.string(),
  at: z.iso.datetime(),
  /** Process id of the running server that answered; null where the doctor opened the database itself. */
  server: z.int().nullable(),
  database: z.object({
    kind: z.enum(['embedded', 'postgres']),
    /** Directory, or address without the password. */
    where: z.string(),
    /** Free space of the disk below an embedded database, in bytes. */
    freeBytes: z.int().nullable(),
    /** Migrations that the next start brings. */
    missing: z.array(z.string()),
    /** Migrations that this Sitrep does not know: a newer one has made them. */
    unknown: z.array(z.string()),
  }),
  /** Null where no server has made the queues yet. */
  queues: z
    .array(
      z.object({
        name: z.string(),
        waiting: z.int(),
        later: z.int(),
        running: z.int(),
        oldestDueAt: z.iso.datetime().nullable(),
      }),
    )
    .nullable(),
  deadLetters: z.array(letter),
  /** Troubles that a server sees, or saw when it ended. */
  troubles: z.array(
    z.object({ kind: z.enum(troubleKinds), beganAt: z.iso.datetime(), seenAt: z.iso.datetime() }),
  ),
  problems: z.array(problem),
});

export type DoctorReport = z.infer<typeof doctorReport>;
export type ReportedLetter = z.infer<typeof letter>;
type Problem = z.infer<typeof problem>;
export type { Problem };

/** What `sitrep doctor --json` prints: the report, without what could not be looked at, and the checks of the set-up. */
export const doctorFindings = doctorReport.extend({
  /** Null where the database could not be looked at; then a problem says why. */
  database: doctorReport.shape.database.nullable(),
  checks: z.array(doctorCheck),
});

export type DoctorFindings = z.infer<typeof doctorFindings>;

/** What became of a retry. */
export const retryReport = z.object({
  again: z.array(letter),
  /** Their delivery is not recorded any more. */
  forgotten: z.array(letter),
});

export type RetryReport = z.infer<typeof retryReport>;
