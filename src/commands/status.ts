import type { GitHubAnswers } from '../collectors/github-answers.ts';
import { plannedCheckpoints } from '../core/checkpoints.ts';
import type { CheckpointReached } from '../core/compose.ts';
import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import { composeNoEnvironment, composePublicRepository } from '../core/compose/refusal.ts';
import type { Invocation } from '../core/invocation.ts';
import { wantedLabels } from '../core/kept-labels.ts';
import { asPrevious } from '../core/previous.ts';
import { nextEvidence, withSeries } from '../core/samples.ts';
import type { Statement } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';
import { renderUpdate } from '../templates/render.ts';
import { assess } from './assess.ts';
import type { Command } from './command.ts';
import { readConfiguration, type ReadConfiguration } from './configuration.ts';
import { askGitHub } from './ask-github.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { CommandDeps, Outcome, Recollection } from './deps.ts';
import { incidentFacts } from './incident-facts.ts';
import { postingId } from './posting-id.ts';
import { readStatements } from './statements.ts';

/** `/status`: reads the infrastructure as it is now and posts a full update. */
export const status: Command = {
  name: 'status',
  usage: '/status [ENVIRONMENT]',
  role: 'triage',
  summary: 'Reads the infrastructure as it is now and posts a full update.',
  examples: ['/status', '/status production'],
  accepts: (words) => words.length <= 1,
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'status');
    const begun = Promise.allSettled([deps.published(id), readBeforehand(deps, invocation, words[0])]);
    return async () => {
      const [published, read] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (read.status === 'rejected') throw read.reason;
      await answer(deps, invocation, { id, kind: 'status' }, read.value);
    };
  },
};

/** What an update needs before anything of Google is read. */
export interface Beforehand {
  environment: string | undefined;
  configuration: ReadConfiguration;
  /** Already asked, since it is the slowest of GitHub's answers; nothing of Google waits for it. */
  statements: Promise<Statement[]>;
  github: GitHubAnswers;
  recollection: Recollection;
}

/** Asks GitHub and the record at once; of the comments only what is new since the update before. */
export async function readBeforehand(
  deps: CommandDeps,
  invocation: Invocation,
  environment: string | undefined,
): Promise<Beforehand> {
  const { request, configurations, redact } = deps;
  const { repository, issue } = invocation;
  const asked = deps.recall(invocation).then((recollection) => {
    const { update } = recollection;
    const before = update && { at: update.snapshot.takenAt, statements: update.snapshot.statements };
    const github = askGitHub(deps, invocation, recollection);
    const statements = readStatements({ request, redact, github }, repository, issue, before);
    // Awaited when everything else is there; until then a failure is nobody's.
    statements.catch(() => undefined);
    return { recollection, github, statements };
  });
  const [configuration, { recollection, github, statements }] = await Promise.all([
    readConfiguration(request, repository, configurations, environment),
    asked,
  ]);
  return { environment, configuration, recollection, github, statements };
}

/** Why an update is posted: the id of its posting, its kind, and the checkpoint that it is, where it is one. */
export interface Reason {
  id: string;
  kind: 'status' | 'checkpoint';
  checkpoint?: CheckpointReached;
}

/** Posts the update, or what stands in its way. */
export async function answer(
  deps: CommandDeps,
  invocation: Invocation,
  { id, kind, checkpoint }: Reason,
  { environment, configuration: read, statements, github, recollection }: Beforehand,
): Promise<void> {
  const { version } = deps;
  const reply = (update: Update, outcome: Outcome) =>
    deps.publish(invocation, { id, kind: update.kind, body: renderUpdate(update), outcome });
  if (!deps.mayShowAll(invocation))
    return reply(composePublicRepository({ ...invocation.repository, version }), 'refused');
  if (read.kind === 'unusable')
    return reply(composeConfigurationErrors({ errors: read.errors, version, checkpoint }), 'done');
  if (read.kind === 'no-environment') return reply(composeNoEnvironment({ ...read, version }), 'confused');

  const { configuration } = read;
  const { update: before } = recollection;
  const same = sameAnswer(invocation, before, configuration);
  if (same !== null) return deps.follow(invocation, same, 'done');
  const title = await deps.redact(invocation.issue.title);
  const incident = incidentFacts(invocation, title, recollection, configuration);
  const firstEvidence = recollection.incident?.nextEvidence ?? 1;
  const [collected, stated, samples] = await Promise.all([
    deps.collect(invocation, {
      configuration,
      firstEvidence,
      github,
      previous: before && asPrevious(configuration, before.snapshot, before.diagnosis, before.url),
      incident,
    }),
    statements,
    deps.samples(invocation, configuration),
  ]);
  const next = nextEvidence(collected, firstEvidence);
  const snapshot = withSeries({ ...collected, statements: stated }, samples, next);
  const plan = invocation.issue.closed
    ? []
    : plannedCheckpoints(configuration.checkpoints, deps.commentsPerHour(invocation));
  const { diagnosis, markdown, labels } = assess(configuration, snapshot, read.errors, version, {
    plan,
    checkpoint,
  });
  await deps.publish(
    invocation,
    { id, kind, body: markdown, outcome: 'done' },
    {
      incident,
      snapshot,
      diagnosis,
      checkpoints: plan,
      environment: environment ?? null,
      labels: wantedLabels(labels),
    },
  );
}

/** Longer than a collection takes; two clocks that differ by more make no two calls one. */
const togetherMs = 60_000;

/**
 * The posting that answers this call too: it was asked for while that update was being collected, which is as fresh as
 * it could be. Null where there is none.
 */
function sameAnswer(
  { receivedAt }: Invocation,
  before: Recollection['update'],
  { environment }: Configuration,
): string | null {
  if (receivedAt === null || before === null || before.posting === null) return null;
  const earlierMs = Date.parse(before.snapshot.takenAt) - Date.parse(receivedAt);
  const together = earlierMs > 0 && earlierMs < togetherMs && before.snapshot.environment === environment;
  return together ? before.posting.id : null;
}
