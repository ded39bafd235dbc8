import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runningClock, type SandboxClock } from '../../sandbox/clock.ts';
import { redate } from '../../sandbox/scenario/redate.ts';
import { startStandIns, type StandIns } from '../../sandbox/stand-ins.ts';
import { loadedScenario } from '../scenarios/loaded.ts';

/** A command that a person wrote, and whether Sitrep has answered for it with 2xx. */
export interface Asked {
  issue: number;
  commentId: number;
  guid: string;
  acknowledged: boolean;
}

/** The stand-ins for many incidents at once, and what became of the commands on them. */
export interface Town extends StandIns {
  /** The environment of a server in a process of its own; its database is to be added. */
  variables: Record<string, string>;
  /** A directory that goes away with the town. */
  dir: string;
  clock: SandboxClock;
  /** Labels that make an incident of it: none where they are missing, so that a command has one answer. */
  openIssue(labels?: string[]): Promise<number>;
  /** Carol writes a command; the webhook goes to the server that listens there. */
  ask(issue: number, webhooks: string, body?: string): Promise<Asked>;
  /** Whether the command has its last trace, the 🚀. */
  isDone(asked: Asked): boolean;
  /** What the bot has written on an issue. */
  answers(issue: number): string[];
  /** Resolves when all are done; rejects with those that are not, when the time is over. */
  untilDone(asked: readonly Asked[], limitMs: number): Promise<void>;
}

/** Two components: enough for a real update, cheap enough for hundreds. */
const configuration = (checkpoints: string): string => `version: 1
environment: staging
google_cloud: { project: netra-staging, region: us-central1 }
components:
  backend: { type: cloud-run, service: netra-backend-staging, depends_on: [db] }
  db: { type: cloud-sql, instance: staging-shared-postgres }
checkpoints: ${checkpoints}
`;

/** A budget of writes that nobody notices: this GitHub has no such limit. */
const freely = 'github_writes: { burst: 1000, per_second: 1000, per_minute: 10000, per_hour: 100000 }\n';

const pollMs = 20;

export interface TownOptions {
  /** By which things happen at GitHub and Google; the machine's where it is missing. */
  clock?: SandboxClock;
  /** When updates come by themselves, as the configuration has it; later than any test runs where it is missing. */
  checkpoints?: string;
}

/** Opens the town; nothing listens to its webhooks yet. */
export async function openTown(options: TownOptions = {}): Promise<Town> {
  const clock = options.clock ?? runningClock(new Date(), Date.now);
  const text = configuration(options.checkpoints ?? '[72h]');
  const scenario = await loadedScenario('connector-saturated');
  const standIns = await startStandIns({
    loaded: redate({ ...scenario, configuration: text }, clock.now()),
    clock,
    // Thousands of updates within the hour are more than GitHub would take of one installation.
    requestsPerHour: 1_000_000_000,
  });
  const { github } = standIns;
  const dir = await mkdtemp(join(tmpdir(), 'sitrep-faults-'));
  const policy = join(dir, 'policy.yml');
  await writeFile(policy, `${standIns.policy}\n${freely}`);

  const isDone = ({ issue, commentId }: Asked): boolean =>
    github
      .thread(issue)
      .find(({ id }) => id === commentId)
      ?.reactions.includes('rocket') === true;

  return {
    ...standIns,
    dir,
    clock,
    variables: { ...standIns.environment, SITREP_POLICY: policy },
    openIssue: async (labels = []) =>
      (await github.openIssue('alice', { title: 'Staging is down', labels })).number,
    async ask(issue, webhooks, body = '/status') {
      github.deliverTo(webhooks);
      const { commentId, delivery } = await github.comment('carol', issue, body);
      if (delivery === null) throw new Error('the command was announced to nobody');
      return { issue, commentId, guid: delivery.guid, acknowledged: isAcknowledged(delivery.status) };
    },
    isDone,
    answers: (issue) => github.thread(issue).flatMap(({ bot, body }) => (bot ? [body] : [])),
    async untilDone(asked, limitMs) {
      const until = performance.now() + limitMs;
      for (;;) {
        const open = asked.filter((one) => !isDone(one));
        if (open.length === 0) return;
        if (performance.now() > until) throw new Error(`not done in time: ${JSON.stringify(open)}`);
        await pause(pollMs);
      }
    },
    async close() {
      await standIns.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function isAcknowledged(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
