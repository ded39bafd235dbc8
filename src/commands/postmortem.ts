import { composePostmortem, type PostmortemInput } from '../core/compose/postmortem.ts';
import {
  composePostmortemProposed,
  composePostmortemPull,
  postmortemBranch,
  postmortemPath,
} from '../core/compose/postmortem-file.ts';
import type { EventBody } from '../core/incident/events.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Update } from '../core/update.ts';
import { proposeFile } from '../publish/proposed-file.ts';
import type { Command } from './command.ts';
import type { CommandDeps } from './deps.ts';
import { postFollowups } from './followups.ts';
import { postingId } from './posting-id.ts';
import { readStory, type Story } from './story.ts';

/** Longest document that is proposed as a file, in code points; GitHub shows no longer ones. */
const longestFile = 500_000;

/** `/sitrep postmortem`: the incident as a document, from the record and the update that tells most of the cause. */
export const postmortem: Command = {
  name: 'postmortem',
  usage: '/sitrep postmortem [followups]',
  role: 'write',
  summary:
    'Writes the postmortem, as a comment or a pull request; with `followups` opens an issue for each open action and prevention measure.',
  examples: ['/sitrep postmortem', '/sitrep postmortem followups'],
  accepts: (words) => words.length === 0 || isFollowups(words),
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'postmortem');
    const begun = Promise.allSettled([deps.published(id), readStory(deps, invocation, '/sitrep postmortem')]);
    return async () => {
      const [published, story] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (story.status === 'rejected') throw story.reason;
      if ('refusal' in story.value) {
        const { refusal, outcome } = story.value;
        await deps.publish(invocation, { id, kind: refusal.kind, update: refusal, outcome });
      } else if (isFollowups(words)) await postFollowups(deps, invocation, id, story.value);
      else await postPostmortem(deps, invocation, id, story.value);
    };
  },
};

function isFollowups(words: readonly string[]): boolean {
  return words.length === 1 && /^follow-?ups?$/iu.test(words[0] ?? '');
}

async function postPostmortem(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  story: Story,
): Promise<void> {
  const { title, configuration, record, state, telling, redacted } = story;
  const input: PostmortemInput = {
    issue: invocation.issue.number,
    title,
    configuration,
    record,
    telling,
    now: deps.now().toISOString(),
    failure: null,
    redacted,
    as: 'comment',
    version: deps.version,
  };
  const draft = state.resolution === null;
  const { body, update } = configuration.postmortem.pull_request
    ? await proposed(deps, invocation, story, input)
    : { body: { pull: null, path: null, failure: null }, update: composePostmortem(input) };
  await deps.record(invocation, {
    title,
    postings: [{ id, kind: 'postmortem', update, outcome: 'done' }],
    events: [
      {
        key: `${id}:0`,
        at: input.now,
        by: invocation.actor,
        url: invocation.comment?.url ?? null,
        body: { kind: 'postmortem', draft, ...body },
      },
    ],
  });
}

interface Proposed {
  body: Pick<Extract<EventBody, { kind: 'postmortem' }>, 'pull' | 'path' | 'failure'>;
  /** What the comment says. */
  update: Update;
}

/** Proposes the document as a pull request; where that cannot be, the comment is the document and says why. */
async function proposed(
  { request, render, version }: CommandDeps,
  invocation: Invocation,
  { configuration, state, record }: Story,
  input: PostmortemInput,
): Promise<Proposed> {
  const { repository, actor } = invocation;
  const path =
    earlierPath(record) ??
    postmortemPath({
      folder: configuration.postmortem.path,
      declaredAt: state.declared?.at ?? input.now,
      issue: input.issue,
      title: input.title,
    });
  const document = composePostmortem({ ...input, as: 'document' });
  const subject = `Postmortem of #${String(input.issue)}`;
  const proposal = await proposeFile(request, repository, {
    branch: postmortemBranch(input.issue),
    path,
    text: await render(invocation, document, longestFile),
    message: `docs: ${subject}`,
    title: subject,
    body: await render(invocation, composePostmortemPull({ issue: input.issue, by: actor, version })),
  });
  if ('failure' in proposal) {
    const { failure } = proposal;
    return { body: { pull: null, path: null, failure }, update: composePostmortem({ ...input, failure }) };
  }
  const { pull } = proposal;
  const update = composePostmortemProposed({
    issue: input.issue,
    pull,
    path,
    draft: state.resolution === null,
    summary: document.summary,
    version,
    redacted: input.redacted ?? false,
  });
  return { body: { pull, path, failure: null }, update };
}

/** The file of the pull request before, also where the title has changed since. */
function earlierPath(record: Story['record']): string | null {
  const paths = record.map(({ body }) =>
    body.kind === 'postmortem' && body.pull !== null ? body.path : null,
  );
  return paths.findLast((path) => path !== null) ?? null;
}
