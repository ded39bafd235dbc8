import { expect } from 'vitest';
import { owedAcknowledgements } from '../../../src/store/acknowledgements.ts';
import { readAudit } from '../../../src/store/audit.ts';
import { findBoard } from '../../../src/store/boards.ts';
import { findCheckpoint, isCheckpointDue } from '../../../src/store/checkpoints.ts';
import { standingsOf } from '../../../src/store/criteria.ts';
import { findDelivery, recordedDeliveries, unfinishedDeliveries } from '../../../src/store/deliveries.ts';
import { findTagged } from '../../../src/store/etags.ts';
import { eventsOf } from '../../../src/store/events.ts';
import { forgottenAmong } from '../../../src/store/forget.ts';
import { takeWrite } from '../../../src/store/github-budget.ts';
import { findAnswers, takeReads } from '../../../src/store/google-reads.ts';
import { earlierIncidents, findHistoryReading } from '../../../src/store/history.ts';
import { findIncident } from '../../../src/store/incidents.ts';
import { keptLabels } from '../../../src/store/labels.ts';
import { pendingNotification } from '../../../src/store/notifications.ts';
import type { Store } from '../../../src/store/open.ts';
import { findTemplates } from '../../../src/store/own-templates.ts';
import { findPublication } from '../../../src/store/publications.ts';
import { redeliveriesOf } from '../../../src/store/redeliveries.ts';
import { roleSeenSince } from '../../../src/store/roles.ts';
import { seenUntil } from '../../../src/store/rounds.ts';
import { findSampled, samplesSince } from '../../../src/store/samples.ts';
import { latestSnapshot, snapshotOfEvidence } from '../../../src/store/snapshots.ts';
import { openTroubles } from '../../../src/store/troubles.ts';

/** Something that the rows of a migration tell, and that this version must tell as well. */
interface Fact {
  /** Number of the migration whose rows tell it first. */
  since: number;
  /** Number of the migration whose rows told it last; missing where it holds whatever came later. */
  until?: number;
  that: string;
  holds: (store: Store) => Promise<void>;
}

export const open = '00000000-0000-4000-8000-000000001278';
const resolved = '00000000-0000-4000-8000-000000001263';
export const repository = { installationId: 41, repositoryId: 7_000_000_001 };
const other = { installationId: 42, repositoryId: 7_000_000_002 };
const guid = (number: number) => `5e1c0f00-0000-11f0-8000-00000000000${String(number)}`;
export const posting = (number: number) => `0d9f6c6e-6a55-5d0e-9a39-00000000000${String(number)}`;
const at = (text: string) => new Date(`2025-09-15T${text}Z`);

/** What is asked of every database that has come up to this version, through the doors that the newest code uses. */
export const facts: readonly Fact[] = [
  {
    since: 1,
    that: 'an open incident is declared and watched, and keeps its place in the evidence',
    holds: async ({ db }) =>
      expect(await findIncident(db, repository, 1278)).toMatchObject({
        id: open,
        severity: 'P0',
        stage: 'investigating',
        lead: 'dana',
        regressionOf: 1263,
        nextEvidence: 5,
        declaredAt: at('17:15:00.123'),
        declared: true,
        watched: true,
        resolvedAt: null,
      }),
  },
  {
    since: 1,
    that: 'a resolved one is over since its last change',
    holds: async ({ db }) =>
      expect(await findIncident(db, repository, 1263)).toMatchObject({
        title: 'Größer: 日本 “\\ud83d”',
        severity: null,
        declared: true,
        watched: false,
        resolvedAt: new Date('2025-09-02T09:30:00Z'),
      }),
  },
  {
    since: 1,
    that: 'one without anything beside its row is there',
    holds: async ({ db }) => {
      expect(await findIncident(db, other, 1300)).toMatchObject({ title: '', stage: 'monitoring' });
      expect(await latestSnapshot(db, '00000000-0000-4000-8000-000000001300')).toBeNull();
    },
  },
  {
    since: 1,
    that: 'each incident has its declaration as an event',
    holds: async ({ db }) => {
      expect((await eventsOf(db, open))[0]).toMatchObject({
        at: '2025-09-15T17:15:00.123Z',
        by: 'sitrep',
        body: { kind: 'declared', severity: 'P0', via: 'status' },
      });
      expect((await eventsOf(db, resolved))[0]?.body).toMatchObject({ kind: 'declared', severity: null });
    },
  },
  {
    since: 1,
    that: 'snapshots and diagnoses of then are read, with what they had no word for',
    holds: async ({ db }) => {
      const last = await latestSnapshot(db, open);
      expect(last).toMatchObject({ diagnosis: null, publicationId: null });
      expect(last?.snapshot.changes).toMatchObject([{ id: 'E4', diff: [{ from: '75.0', to: null }] }]);
      const shown = await latestSnapshot(db, open, { posted: true });
      expect(shown).toMatchObject({
        publicationId: posting(1),
        snapshot: { observations: [{ id: 'E1', value: '15.0' }] },
        diagnosis: { root: { cause: 'config-drift' }, second: null, owner: null, changes: [], labels: [] },
      });
      expect((await snapshotOfEvidence(db, open, 'E2'))?.id).toBe(shown?.id);
    },
  },
  {
    since: 1,
    that: 'deliveries are known again, and the unfinished one is to be carried out',
    holds: async ({ db }) => {
      expect(await recordedDeliveries(db, [1, 2, 3].map(guid))).toEqual(new Set([1, 2, 3].map(guid)));
      expect(await unfinishedDeliveries(db)).toEqual([guid(1)]);
      expect(await findDelivery(db, guid(1))).toMatchObject({
        event: 'issue_comment',
        payload: { comment: { id: Number.MAX_SAFE_INTEGER } },
      });
    },
  },
  {
    since: 1,
    that: 'postings know whose they are, as far as anything tells it',
    holds: async ({ db }) => {
      expect(await findPublication(db, posting(1))).toMatchObject({
        state: 'sent',
        commentId: 9_007_199_254_740_000,
        repositoryId: 7_000_000_001,
        delivery: null,
        asked: true,
        issueState: null,
      });
      expect(await findPublication(db, posting(3))).toMatchObject({
        state: 'failed',
        repositoryId: 7_000_000_001,
      });
      expect(await findPublication(db, posting(4))).toMatchObject({ incidentId: null, repositoryId: null });
    },
  },
  {
    since: 1,
    until: 1,
    that: 'a posting that waits still waits',
    holds: async ({ db }) =>
      expect(await findPublication(db, posting(2))).toMatchObject({ state: 'pending', attempts: 0 }),
  },
  {
    since: 1,
    that: 'the audit is as it was, and cannot be changed',
    holds: async (store) => {
      const entries = await readAudit(store.db, {}, { after: 0, limit: 100 });
      expect(entries.slice(0, 2)).toMatchObject([
        { who: 'dana', what: 'severity P0', installationId: null, detail: { from: null, to: 'P0' } },
        { who: 'sitrep', what: 'started', repository: null, issue: null, detail: null },
      ]);
      expect(
        await readAudit(
          store.db,
          { repository: 'Netra-Systems/Apex', issue: 1278, until: at('17:20:00') },
          { after: 0, limit: 9 },
        ),
      ).toHaveLength(1);
      await expect(store.run('delete from audit')).rejects.toThrow('audit is append-only');
      await expect(store.run(`update audit set who = 'x'`)).rejects.toThrow('audit is append-only');
    },
  },
  {
    since: 2,
    that: 'a posting that may be out is looked for before it is posted',
    holds: async ({ db }) => {
      const row = await db.selectFrom('publication').selectAll().where('id', '=', posting(2)).execute();
      expect(row).toMatchObject([{ state: 'sending', fence: 1, read_back: true, unseen_at: at('17:20:20') }]);
    },
  },
  {
    since: 2,
    that: 'reactions that are owed, deliveries that were cancelled or asked for again',
    holds: async ({ db }) => {
      expect(await owedAcknowledgements(db, posting(1))).toEqual([{ commentId: 902, content: 'rocket' }]);
      expect(await findDelivery(db, guid(4))).toMatchObject({ state: 'cancelled' });
      expect(await redeliveriesOf(db, [guid(9)])).toEqual(new Map([[guid(9), 2]]));
    },
  },
  {
    since: 2,
    that: 'the pause that GitHub asked for lasts, and the sweep goes on where it was',
    holds: async ({ db }) => {
      const limits = { burst: 9, perSecond: 9, perMinute: 9, perHour: 9 };
      expect(await takeWrite(db, 41, limits, false)).toBeGreaterThan(3_600_000);
      expect(await takeWrite(db, 42, limits, false)).toBe(0);
      expect(await seenUntil(db, 'deliveries')).toEqual(at('17:19:00'));
    },
  },
  {
    since: 2,
    that: 'answers that did not say whose they are are read anew',
    holds: async ({ db }) =>
      expect(await findTagged(db, repository, 'netra-systems/apex .github/sitrep.yml')).toBeNull(),
  },
  {
    since: 3,
    that: 'the chain of checkpoints goes on',
    holds: async ({ db }) => {
      const found = await findCheckpoint(db, open, '2h');
      expect(found).toMatchObject({ dueAt: '2025-09-15T19:15:00.123Z', environment: 'production' });
      expect(found?.since('2025-09-15T18:00:00Z')).toEqual([]);
      expect(await isCheckpointDue(db, () => at('21:16:00'))).toBe(true);
      expect(await isCheckpointDue(db, () => at('21:14:00'))).toBe(false);
    },
  },
  {
    since: 5,
    that: 'quotas, sealed answers',
    holds: async ({ db }) => {
      const ask = { project: 'netra-staging', api: 'logging.googleapis.com', reads: 60, perMinute: 60 };
      expect(await takeReads(db, [ask], () => at('17:15:30'))).toMatchObject([{ granted: 36 }]);
      const window = { after: at('17:00:00'), until: at('18:00:00') };
      const answers = await findAnswers(db, ['digest'], window);
      expect(answers.map(({ sealed }) => [...sealed])).toEqual([[0, 255, 1, 2]]);
    },
  },
  {
    since: 6,
    that: 'samples, to the last digit',
    holds: async ({ db }) => {
      const all = { reads: 'r1', since: at('17:00:00'), limit: 9 };
      expect(await samplesSince(db, open, all)).toEqual([
        { at: '2025-09-15T17:19:00.000Z', pauseS: null, figures: [] },
        {
          at: '2025-09-15T17:20:00.000Z',
          pauseS: 60,
          figures: [
            ['backend', 'latency.p95', 's', 1.5e-7, 'backend-00750'],
            ['backend', 'requests', null, 12],
          ],
        },
      ]);
      expect(await findSampled(db, open)).toMatchObject({ issue: 1278, lookedAt: null });
    },
  },
  {
    since: 7,
    that: 'labels: ours, people’s, and one that may be out',
    holds: async ({ db }) =>
      expect(
        (await keptLabels(db, open))
          .map(({ name, state, wanted, meaning }) => [name, state, wanted, meaning])
          .sort(([one], [two]) => (String(one) < String(two) ? -1 : 1)),
      ).toEqual([
        ['golden-path-blocked', 'setting', true, 'finding'],
        ['regression', 'set', true, 'finding'],
        ['vpc-connector-issue', 'absent', false, 'finding'],
        ['Ärger 🔥', 'left', true, 'finding'],
      ]),
  },
  {
    since: 8,
    that: 'events of then are read, with what they did not say',
    holds: async ({ db }) =>
      expect((await eventsOf(db, open)).slice(1, 4).map(({ body }) => body)).toEqual([
        { kind: 'note', text: 'rolled back' },
        {
          kind: 'regression',
          of: 1263,
          score: null,
          lines: [],
          components: [],
          raisedFrom: null,
          raised: false,
        },
        { kind: 'escalated', rule: 'two-hours', contact: null, reason: null, paged: false },
      ]),
  },
  {
    since: 8,
    that: 'the living comment is the one that is edited',
    holds: async ({ db }) => {
      expect(await findBoard(db, open)).toMatchObject({
        generation: 2,
        body: 'the living comment',
        posting: { id: posting(5), state: 'sent', commentId: 9_005 },
        dueAt: at('17:31:00'),
      });
      expect(await findBoard(db, resolved)).toMatchObject({ dueAt: null, body: null, posting: null });
      expect(await findPublication(db, posting(6))).toMatchObject({
        issueState: 'closed',
        issueStateAt: new Date('2025-09-02T09:30:03Z'),
      });
    },
  },
  {
    since: 8,
    that: 'criteria stand since when they stood',
    holds: async ({ db }) =>
      expect(await standingsOf(db, open)).toEqual({
        success: {
          healthy: {
            result: 'failed',
            since: '2025-09-15T17:15:08.000Z',
            changed: false,
            unmetSince: '2025-09-15T17:15:08.000Z',
            toldBy: 'look',
          },
        },
        escalation: {
          'two-hours': {
            result: 'unknown',
            since: '2025-09-15T17:15:08.000Z',
            changed: true,
            unmetSince: null,
            toldBy: 'sample',
          },
        },
      }),
  },
  {
    since: 8,
    that: 'roles that did not say whose they are are asked anew',
    holds: async ({ db }) =>
      expect(await roleSeenSince(db, { ...repository, login: 'dana' }, new Date(0))).toBeNull(),
  },
  {
    since: 9,
    that: 'earlier incidents, of the installation that read them',
    holds: async ({ db }) => {
      expect(await earlierIncidents(db, repository)).toMatchObject([
        { issue: 1263, signatures: [{ line: 'connection refused', frame: null }] },
      ]);
      expect(await findHistoryReading(db, 7_000_000_001)).toMatchObject({ installationId: 41 });
    },
  },
  {
    since: 10,
    that: 'a notification that is to be sent is, and one that was is not',
    holds: async ({ db }) => {
      expect(await pendingNotification(db, '0d9f6c6e-6a55-5d0e-9a39-0000000000e1')).toMatchObject({
        attempts: 3,
        channel: 'PAGER_URL',
        update: null,
      });
      expect(await pendingNotification(db, '0d9f6c6e-6a55-5d0e-9a39-0000000000e2')).toBeNull();
    },
  },
  {
    since: 11,
    that: 'templates of the repository',
    holds: async ({ db }) =>
      expect(await findTemplates(db, repository)).toMatchObject({ kinds: { status: '{{title}}' } }),
  },
  {
    since: 12,
    that: 'whose each row is, and what was forgotten',
    holds: async ({ db }) => {
      expect((await readAudit(db, {}, { after: 2, limit: 1 }))[0]).toMatchObject({
        ...repository,
        detail: { line: '/status' },
      });
      expect(await findPublication(db, posting(7))).toMatchObject({ delivery: guid(1), state: 'pending' });
      expect(await forgottenAmong(db, [41, 43])).toHaveLength(2);
      expect(await findTagged(db, repository, '.github/sitrep.yml')).toEqual({ etag: 'W/"2"', body: 'AAEC' });
      expect(await roleSeenSince(db, { ...repository, login: 'erin' }, new Date(0))).toBe('write');
    },
  },
  {
    since: 14,
    that: 'a trouble that lasts, and that the operator was told of it',
    holds: async ({ db }) =>
      expect(await openTroubles(db)).toMatchObject([
        { kind: 'github', beganAt: at('17:00:00'), told: 'begun' },
      ]),
  },
];
