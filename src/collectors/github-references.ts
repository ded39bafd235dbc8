import { z } from 'zod';
import { repositoryId } from '../core/repository-id.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { GitHubCollector, GitHubContext, Reading } from './collector.ts';
import { answerOf } from './github-answers.ts';
import { mostAtOnce } from './github-query.ts';
import { foreignTitle, githubApi, githubSource } from './github-source.ts';
import { parseAnswer } from './parse-answer.ts';

const repository = z.object({ nameWithOwner: z.string(), isPrivate: z.boolean() });

const facts = z.object({ number: z.int().positive(), title: z.string(), repository });

const reference = z.discriminatedUnion('type', [
  facts.extend({ type: z.literal('Issue'), state: z.string() }),
  // Its states are others than an issue's, and GraphQL gives two types of value no common name.
  facts.extend({ type: z.literal('PullRequest'), pullState: z.string() }),
]);
type Reference = z.infer<typeof reference>;

const part = repository.extend({
  issue: z.object({ timelineItems: z.object({ nodes: z.array(z.object({ source: reference })) }) }),
});

/** Pull requests and issues that refer to the incident's issue. */
export const githubReferences: GitHubCollector = {
  name: 'github-references',
  kind: 'github',
  api: githubApi,
  role: 'issues: read, pull_requests: read',
  types: [],
  signals: [
    {
      signal: signal.references,
      unit: 'references',
      example: '2',
      meaning: "Issues and pull requests that refer to the incident's issue",
    },
    {
      signal: signal.reference,
      unit: null,
      example: '#1281',
      meaning:
        'One of them, with its title, kind and state. Those of a private repository are left out of a public one',
    },
  ],
  reads: (context) => {
    const { github } = context;
    const { issue } = github;
    if (issue === null) return [];
    const source = githubSource(github, {
      method: 'Issue.timelineItems',
      query: `cross-references of #${String(issue)}`,
      path: `/issues/${String(issue)}`,
      command: ['api', `repos/${github.owner}/${github.name}/issues/${String(issue)}/timeline`, '--paginate'],
    });
    return [
      {
        components: [repositoryId],
        signal: signal.references,
        source,
        run: () => readReferences(context, source),
      },
    ];
  },
};

async function readReferences({ github, redact }: GitHubContext, source: Source): Promise<Reading> {
  const answer = (await answerOf(github)).part('referred');
  const found = parseAnswer(part, answer, 'references');
  const { nodes } = found.issue.timelineItems;
  const shown = nodes
    .map((node) => node.source)
    .filter(
      ({ repository: of }) => found.isPrivate || !of.isPrivate || of.nameWithOwner === found.nameWithOwner,
    );
  const once = [...new Map(shown.map((one) => [nameIn(one, found.nameWithOwner), one]))].toSorted(
    ([a], [b]) => (a < b ? -1 : 1),
  );
  const texts = await Promise.all(once.map(([, one]) => foreignTitle(one.title, redact)));
  return {
    observations: [
      {
        component: repositoryId,
        signal: signal.references,
        value: String(once.length),
        unit: 'references',
        window: null,
        ...(nodes.length >= mostAtOnce ? { partial: true } : {}),
        source,
      },
      ...once.map(([name, one], index) => ({
        component: repositoryId,
        signal: signal.reference,
        value: name,
        unit: null,
        window: null,
        text: `${kindOf(one)}: ${texts[index] ?? ''}`,
        source,
      })),
    ],
  };
}

function nameIn({ number, repository: of }: Reference, here: string): string {
  return `${of.nameWithOwner === here ? '' : of.nameWithOwner}#${String(number)}`;
}

function kindOf(one: Reference): string {
  if (one.type === 'Issue') return `issue, ${one.state.toLowerCase()}`;
  return `pull request, ${one.pullState.toLowerCase()}`;
}
