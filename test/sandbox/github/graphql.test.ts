import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { caught, commit } from './mistake.ts';
import { installationToken, manifest, open, repository, send, start } from './start.ts';

/** GraphQL is judged by GitHub's own schema; whatever else is asked for is refused. */

const minimize = (selection: string, input = 'subjectId: $id, classifier: OUTDATED') =>
  `mutation M($id: ID!) { minimizeComment(input: { ${input} }) { ${selection} } }`;

const node = z.object({ node_id: z.string() });

async function firstComment(on: GitHubStandIn, token: string): Promise<string> {
  const path = `/repos/${repository.owner}/${repository.repo}/issues/comments/${on.thread(7)[0]?.id}`;
  return node.parse((await send(on, path, { token })).body).node_id;
}

let github: GitHubStandIn;
let token: string;

beforeAll(async () => {
  github = await open();
  token = await installationToken(github);
});
afterAll(() => github.close());

test.each([
  [
    'a field of the mutation',
    minimize('minimizedComment { isMinimized body }'),
    /"body" on type "Minimizable"/,
  ],
  [
    'a mutation that is not modelled',
    'mutation { addComment(input: {}) { clientMutationId } }',
    /"addComment" on type "Mutation"/,
  ],
  ['a query', '{ viewer { login } }', /"viewer" on type "Query"/],
  [
    'an argument',
    minimize('clientMutationId', 'subjectId: $id, classifier: OUTDATED, reason: "x"'),
    /unknown field "reason"/,
  ],
  [
    'a classifier',
    minimize('clientMutationId', 'subjectId: $id, classifier: STALE'),
    /"STALE" does not exist in "ReportedContentClassifiers"/,
  ],
  [
    'a classifier as a text',
    minimize('clientMutationId', 'subjectId: $id, classifier: "OUTDATED"'),
    /cannot represent non-enum value/,
  ],
  ['a missing input field', minimize('clientMutationId', 'subjectId: $id'), /classifier/],
  [
    'a variable that is not declared',
    minimize('clientMutationId', 'subjectId: $other, classifier: SPAM'),
    /"\$other" is not defined/,
  ],
  [
    'a variable of another type',
    minimize('clientMutationId').replace('ID!', 'String!'),
    /"\$id" of type "String!" used in position expecting type "ID!"/,
  ],
  ['an object without a selection', minimize('minimizedComment'), /must have a selection/],
  ['a scalar with a selection', minimize('clientMutationId { a }'), /must not have a selection/],
  ['a fragment that is not there', minimize('minimizedComment { ...Part }'), /Unknown fragment "Part"/],
  [
    'a document that does not end',
    minimize('clientMutationId').slice(0, -1),
    /Syntax Error: Expected Name, found <EOF>/,
  ],
])('%s is refused', async (_what, query, refusal) => {
  const body = { query, variables: { id: 'IC_x' } };
  const answer = await commit(github, { path: '/graphql', sending: { body } }, token);
  expect(answer).toMatchObject(caught(200, refusal));
  expect(answer.body).toMatchObject({
    errors: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(refusal) })]),
  });
});

test('a comment that is not there is not found, which is no mistake', async () => {
  const body = { query: minimize('clientMutationId'), variables: { id: 'IC_x' } };
  const answer = await send(github, '/api/graphql', { method: 'POST', token, body });
  expect(answer.body).toMatchObject({ data: { minimizeComment: null }, errors: [{ type: 'NOT_FOUND' }] });
});

test.each([
  [
    'with the input in the document',
    (id: string) => ({
      query: `mutation { m: minimizeComment(input: {subjectId: "${id}", classifier: OFF_TOPIC, clientMutationId: "c"}) {
        clientMutationId  # whose
        minimizedComment { hidden: isMinimized, minimizedReason, __typename } } }`,
    }),
    {
      m: {
        clientMutationId: 'c',
        minimizedComment: { hidden: true, minimizedReason: 'off-topic', __typename: 'IssueComment' },
      },
    },
    'off-topic',
  ],
  [
    'with the input as a variable',
    (id: string) => ({
      query:
        'mutation ($input: MinimizeCommentInput!) { minimizeComment(input: $input) { minimizedComment { viewerCanMinimize } } }',
      variables: { input: { subjectId: id, classifier: 'RESOLVED' } },
    }),
    { minimizeComment: { minimizedComment: { viewerCanMinimize: true } } },
    'resolved',
  ],
  [
    'with a variable for each part',
    (id: string) => ({
      query: `mutation Fold($id: ID!, $why: ReportedContentClassifiers!) {
        minimizeComment(input: { subjectId: $id, classifier: $why }) { minimizedComment { minimizedReason } } }`,
      variables: { id, why: 'OUTDATED' },
      operationName: 'Fold',
    }),
    { minimizeComment: { minimizedComment: { minimizedReason: 'outdated' } } },
    'outdated',
  ],
])('a comment is folded away %s', async (_how, bodyOf, data, reason) => {
  const own = await start();
  const ownToken = await installationToken(own);
  const body = bodyOf(await firstComment(own, ownToken));
  const answer = await send(own, '/api/graphql', { method: 'POST', token: ownToken, body });
  expect([answer.status, answer.body]).toEqual([200, { data }]);
  expect(own.thread(7)[0]?.minimized).toBe(reason);
  expect(own.refusals).toEqual([]);
});

test('the App needs to write issues for it', async () => {
  const permissions = { ...manifest.default_permissions, issues: 'read' };
  const weak = await start({ manifest: { ...manifest, default_permissions: permissions } });
  const weakToken = await installationToken(weak);
  const body = {
    query: minimize('clientMutationId'),
    variables: { id: await firstComment(weak, weakToken) },
  };
  const answer = await commit(weak, { path: '/graphql', sending: { body } }, weakToken);
  expect(answer).toMatchObject(caught(200, /issues: write/));
  expect(answer.body).toMatchObject({ errors: [{ type: 'FORBIDDEN' }] });
});

test('folders below .github at the head, with their files; what is not there is nothing', async () => {
  const own = await start();
  own.putFile('.github/a/b.txt', 'b\u00e9');
  own.putFile('.github/a/c.bin', '\0');
  own.putFile('.github/a/d/e.txt', 'e');
  const query = `{ repository(owner: "${repository.owner}", name: "${repository.repo}") {
    folder: object(expression: "HEAD:.github/a") { __typename ... on Tree { entries { name type mode object {
      __typename ... on Blob { byteSize isBinary isTruncated text } ... on Tree { entries { name } } } } } }
    file: object(expression: "HEAD:.github/a/b.txt") { ... on Blob { text } }
    none: object(expression: "HEAD:.github/none") { oid } } }`;
  const answer = await send(own, '/api/graphql', {
    method: 'POST',
    token: await installationToken(own),
    body: { query },
  });
  const text = { __typename: 'Blob', byteSize: 3, isBinary: false, isTruncated: false, text: 'b\u00e9' };
  expect(answer.body).toEqual({
    data: {
      repository: {
        folder: {
          __typename: 'Tree',
          entries: [
            { name: 'b.txt', type: 'blob', mode: 0o100644, object: text },
            {
              name: 'c.bin',
              type: 'blob',
              mode: 0o100644,
              object: { ...text, byteSize: 1, isBinary: true, text: null },
            },
            {
              name: 'd',
              type: 'tree',
              mode: 0o40000,
              object: { __typename: 'Tree', entries: [{ name: 'e.txt' }] },
            },
          ],
        },
        file: { text: 'b\u00e9' },
        none: null,
      },
    },
  });
  expect(own.refusals).toEqual([]);
  await own.close();
});
