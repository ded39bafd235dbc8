import { templatesFolder } from '../core/own-templates/own-templates.ts';

/** The one question to GitHub: all that an update needs to know of its repository. */

/** What is asked for. */
export interface GitHubQuestion {
  owner: string;
  name: string;
  /** The incident's issue; null where there is none. */
  issue: number | null;
  /** From when on changes count, UTC. */
  since: string;
  /** Numbers of earlier incidents whose fix is looked for. */
  earlier: readonly number[];
  /** Comments of the issue, those first that changed last; at most 100, 0 for none. */
  comments: number;
}

/** GitHub gives at most 100 of a list at once ("Rate limits and query limits for the GraphQL API"). */
export const mostAtOnce = 100;
/** Workflow runs read of one commit. */
const mostRuns = 20;
/** Files of a fix that are compared. */
const mostFiles = 50;

const runs = `checkSuites(first: ${String(mostRuns)}) {
  pageInfo { hasNextPage }
  nodes { status conclusion workflowRun { url runNumber event createdAt workflow { name resourcePath } } }
}`;

const code = `code: repository(owner: $owner, name: $name) {
  nameWithOwner
  defaultBranchRef { name target { ... on Commit {
    oid
    ${runs}
    history(first: ${String(mostAtOnce)}, since: $since) {
      pageInfo { hasNextPage }
      nodes {
        oid messageHeadline committedDate url
        author { name user { login } }
        associatedPullRequests(first: 3) {
          nodes { number title url merged mergedAt mergeCommit { oid } author { login } repository { nameWithOwner } }
        }
        ${runs}
      }
    }
  } } }
}`;

const deployed = `deployed: repository(owner: $owner, name: $name) {
  deployments(first: ${String(mostAtOnce)}, orderBy: { field: CREATED_AT, direction: DESC }) {
    pageInfo { hasNextPage }
    nodes { commitOid createdAt environment creator { login } latestStatus { state logUrl } }
  }
}`;

/** The repository's own templates; what is in other folders below them is not asked for. */
const templates = `templates: repository(owner: $owner, name: $name) {
  kinds: object(expression: "HEAD:${templatesFolder}") { ...Templates }
  partials: object(expression: "HEAD:${templatesFolder}/partials") { ...Templates }
}`;

const template = `fragment Templates on Tree {
  entries { name type mode object { ... on Blob { byteSize isBinary isTruncated text } } }
}`;

const talked = `talked: repository(owner: $owner, name: $name) {
  issue(number: $issue) {
    comments(first: $comments, orderBy: { field: UPDATED_AT, direction: DESC }) {
      pageInfo { hasNextPage }
      nodes { url createdAt updatedAt body author { type: __typename login } }
    }
  }
}`;

const referred = `referred: repository(owner: $owner, name: $name) {
  nameWithOwner
  isPrivate
  issue(number: $issue) {
    timelineItems(last: ${String(mostAtOnce)}, itemTypes: [CROSS_REFERENCED_EVENT]) {
      nodes { ... on CrossReferencedEvent { source {
        type: __typename
        ... on Issue { number title url state repository { nameWithOwner isPrivate } }
        ... on PullRequest { number title url pullState: state repository { nameWithOwner isPrivate } }
      } } }
    }
  }
}`;

const fixed = (index: number) => `earlier${String(index)}: repository(owner: $owner, name: $name) {
  issue(number: $earlier${String(index)}) {
    state
    timelineItems(last: 10, itemTypes: [CLOSED_EVENT]) {
      nodes { ... on ClosedEvent { closer {
        type: __typename
        ... on PullRequest { ...Fix }
        ... on Commit { oid associatedPullRequests(first: 3) { nodes { ...Fix } } }
      } } }
    }
  }
}`;

const fix = `fragment Fix on PullRequest {
  number title url merged
  mergeCommit { oid }
  repository { nameWithOwner }
  files(first: ${String(mostFiles)}) { pageInfo { hasNextPage } nodes { path } }
}`;

/**
 * The request's body. Each part asks for the repository anew under its own name, so that one that is refused leaves the
 * others as they are: an error empties the nearest field above it that may be empty, which is `repository`.
 */
export function changesQuery(question: GitHubQuestion): {
  query: string;
  variables: Record<string, unknown>;
} {
  const { owner, name, issue, since, earlier, comments } = question;
  const talks = issue !== null && comments > 0;
  const numbers = Object.fromEntries(earlier.map((number, index) => [`earlier${String(index)}`, number]));
  const declared = [
    '$owner: String!, $name: String!, $since: GitTimestamp!',
    ...(issue === null ? [] : ['$issue: Int!']),
    ...(talks ? ['$comments: Int!'] : []),
    ...Object.keys(numbers).map((variable) => `$${variable}: Int!`),
  ];
  const parts = [
    code,
    deployed,
    templates,
    ...(talks ? [talked] : []),
    ...(issue === null ? [] : [referred]),
    ...earlier.map((_, index) => fixed(index)),
  ];
  return {
    query: `query Changes(${declared.join(', ')}) {\n${parts.join('\n')}\n}\n${template}${earlier.length === 0 ? '' : `\n${fix}`}`,
    variables: {
      owner,
      name,
      since,
      ...(issue === null ? {} : { issue }),
      ...(talks ? { comments: Math.min(comments, mostAtOnce) } : {}),
      ...numbers,
    },
  };
}

/**
 * Asks for the content of files at the head of the default branch, after a commit and before it, by the ids of their
 * blobs: `now0`, `fixed0`, `before0` for the first file, and so on.
 */
export function contentQuery(
  { owner, name }: { owner: string; name: string },
  sha: string,
  paths: readonly string[],
): { query: string; variables: Record<string, unknown> } {
  const revisions = { now: 'HEAD', fixed: sha, before: `${sha}^` };
  const asked = paths.flatMap((path, index) =>
    Object.entries(revisions).map(([at, revision]) => ({
      key: `${at}${String(index)}`,
      expression: `${revision}:${path}`,
    })),
  );
  const declared = ['$owner: String!, $name: String!', ...asked.map(({ key }) => `$${key}: String!`)];
  const fields = asked.map(({ key }) => `${key}: object(expression: $${key}) { oid }`);
  return {
    query: `query Content(${declared.join(', ')}) { content: repository(owner: $owner, name: $name) {\n${fields.join('\n')}\n} }`,
    variables: { owner, name, ...Object.fromEntries(asked.map(({ key, expression }) => [key, expression])) },
  };
}
