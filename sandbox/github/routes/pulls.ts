import { z } from 'zod';
import { pathNumber } from '../call.ts';
import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { hidden, notFound, validationFailed } from '../errors.ts';
import { demandModelled } from '../modelled.ts';
import { page } from '../paging.ts';
import { fullPull, simplePull } from '../shapes/pull.ts';
import { branchNamed } from '../state/branches.ts';
import type { Opened, PullRequest } from '../state/code.ts';
import { demandIssueText } from '../state/limits.ts';
import { openPull } from '../state/pulls.ts';
import type { Repository } from '../state/world.ts';

/** Pull requests that were opened by an operation; those of the scenario are answered by GraphQL only. */

function isOpened(pull: PullRequest): pull is Opened {
  return pull.opened !== null;
}

function sameHead(repository: Repository, pull: Opened, head: string): boolean {
  return `${repository.owner.login}:${pull.opened.head}`.toLowerCase() === head.toLowerCase();
}

/** GitHub ignores a `head` without an owner and gives all pull requests. */
function demandOwner(head: string): void {
  if (head.includes(':')) return;
  throw validationFailed(
    [{ resource: 'PullRequest', code: 'invalid', field: 'head' }],
    `head=${head}: GitHub ignores it without an owner, as in owner:branch`,
  );
}

export const listPulls: RepositoryHandler = (call) => {
  const { world, repository, query } = call;
  demandModelled(query.keys(), ['state', 'head', 'base', 'per_page', 'page']);
  const [head, base] = [query.get('head'), query.get('base')];
  if (head !== null) demandOwner(head);
  else if (!repository.pullRequests.every(isOpened))
    throw hidden('the stand-in lists pull requests of the scenario by GraphQL only');
  const pulls = repository.pullRequests
    .filter(isOpened)
    .filter(
      (pull) =>
        query.get('state') !== 'closed' &&
        (head === null || sameHead(repository, pull, head)) &&
        (base === null || pull.opened.base === base),
    )
    .toReversed();
  return page(call, pulls, (pull) => simplePull(world, repository, pull));
};

export const getPull: RepositoryHandler = (call) => {
  const { world, repository } = call;
  const number = pathNumber(call, 'pull_number');
  const pull = repository.pullRequests.find((other) => other.number === number);
  if (!pull) throw notFound();
  if (!isOpened(pull)) throw hidden('the stand-in answers pull requests of the scenario by GraphQL only');
  return { status: 200, body: fullPull(world, repository, pull) };
};

const sentPull = z.object({
  title: z.string(),
  body: z.string().default(''),
  head: z.string(),
  base: z.string(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().optional(),
});

/** The name of the branch; a head may be given as owner:branch. */
function ownBranch({ repository }: RepositoryCall, head: string): string {
  const [owner = '', ...rest] = head.split(':');
  if (rest.length === 0) return head;
  return owner.toLowerCase() === repository.owner.login.toLowerCase() ? rest.join(':') : head;
}

function custom(message: string, mistake: string | null) {
  return validationFailed([{ resource: 'PullRequest', code: 'custom', field: 'head', message }], mistake);
}

/** That there is one of the branch already is answered in the ordinary course: a second try finds the first one's. */
export const createPull: RepositoryHandler = (call) => {
  const { world, repository, author } = call;
  const given = z.record(z.string(), z.unknown()).parse(call.body);
  demandModelled(Object.keys(given), Object.keys(sentPull.shape));
  const sent = sentPull.safeParse(given);
  if (!sent.success) {
    const error = { resource: 'PullRequest', code: 'missing_field', field: 'title' } as const;
    throw validationFailed([error], 'a pull request needs a title');
  }
  const { title, body, base, draft } = sent.data;
  demandIssueText(title, body);
  const head = ownBranch(call, sent.data.head);
  const [from, to] = [head, base].map((name) => branchNamed(world, repository, name));
  for (const [field, branch] of [
    ['head', from],
    ['base', to],
  ] as const) {
    if (branch) continue;
    throw validationFailed(
      [{ resource: 'PullRequest', code: 'invalid', field }],
      `${field}: there is no such branch`,
    );
  }
  const fresh = from?.commits.filter((commit) => to?.commits.includes(commit) !== true) ?? [];
  const label = `${repository.owner.login}:${head}`;
  const there = repository.pullRequests
    .filter(isOpened)
    .some((pull) => sameHead(repository, pull, label) && pull.opened.base === base);
  if (there) throw custom(`A pull request already exists for ${label}.`, null);
  if (fresh.length === 0)
    throw custom(`No commits between ${base} and ${head}`, `${head} has no commit that ${base} lacks`);
  const pull = openPull(world, repository, author, {
    title,
    body: body === '' ? null : body,
    head,
    base,
    draft,
  });
  const shaped = fullPull(world, repository, pull);
  return { status: 201, body: shaped, headers: { location: String(shaped['url']) } };
};
