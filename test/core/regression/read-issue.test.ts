import { describe, expect, it } from 'vitest';
import { issueReader, type IssueToRead } from '../../../src/core/regression/read-issue.ts';
import { worlds } from './pairs.fixture.ts';

const configuration = worlds['chat'];
if (configuration === undefined) throw new Error('no world chat');
const read = issueReader(configuration);

function issue(body: string, changed: Partial<IssueToRead> = {}): IssueToRead {
  return {
    issue: 7,
    title: 'Something is wrong',
    url: 'https://github.com/acme/chat/issues/7',
    openedAt: '2026-01-01T00:00:00.000Z',
    closedAt: '2026-01-02T00:00:00.000Z',
    labels: ['incident'],
    body,
    comments: [],
    ...changed,
  };
}

const linesOf = (body: string): string[] => read(issue(body)).signatures.map(({ line }) => line);
const componentsOf = (body: string): string[] => read(issue(body)).components;
const causeOf = (...said: string[]): string | null =>
  read(issue('', { comments: said.map((text) => ({ at: '2026-01-01T01:00:00Z', text })) })).cause;

describe('error lines', () => {
  const line = 'CartError: cart is locked';

  it.each([
    ['a fence', `see\n\`\`\`\n${line}\n\`\`\``],
    ['a fence of tildes that is not closed', `~~~text\n${line}`],
    ['an indented block', `see\n\n    ${line}\n`],
    ['a code span', `it says \`${line}\` all the time`],
    ['a table', `| n | line |\n|---|---|\n| 3 | \`${line}\` |`],
    ['a sentence', `The log says ${line}`],
    ['a list', `- backend\n- ${line}`],
    ['a quote that is of nobody else', `from the log:\n\n> ${line}`],
    ['an entry in JSON', `\`\`\`json\n{"severity":"ERROR","message":"${line}"}\n\`\`\``],
    ['an entry of Cloud Logging', `\`\`\`\n{"jsonPayload":{"msg":"${line}"}}\n\`\`\``],
    [
      'a traceback',
      `\`\`\`\nTraceback (most recent call last):\n  File "/app/a.py", line 3, in b\n${line}\n\`\`\``,
    ],
    ['a fence below a sentence that calls another issue the same', `Same as #12:\n\`\`\`\n${line}\n\`\`\``],
    ['a fence below the pull request that fixed it', `Fixed in #12, it was\n\`\`\`\n${line}\n\`\`\``],
  ])('are read from %s', (_, body) => expect(linesOf(body)).toContain(line));

  it.each([
    ['an HTML comment', `<!--\n\`\`\`\n${line}\n\`\`\`\n-->`],
    ['a quote from another issue', `In #12 we had\n\n> ${line}`],
    ['a fence below a sentence about another issue', `Unlike #12, which had\n\`\`\`\n${line}\n\`\`\``],
    ['a sentence about another issue', `In https://github.com/a/b/issues/3 it was \`${line}\``],
    ['a fence of commands', '```bash\ngcloud run services update-traffic backend --to-latest\n```'],
    ['what was typed', '```\n$ curl https://api.staging.netra.ai/health\n```'],
    ['frames', '```\n    at render (/app/node_modules/next/server.js:88:9)\n```'],
    ['a name in code', 'restarted `backend` and `netra-backend-staging`'],
  ])('are not read from %s', (_, body) => expect(linesOf(body)).toEqual([]));

  it('come once, whatever varies in them', () => {
    expect(linesOf('```\nCartError: cart 12 is locked\nCartError: cart 13 is locked\n```')).toEqual([
      'CartError: cart 12 is locked',
    ]);
  });
});

describe('components', () => {
  it.each([
    ['its id', 'the backend is slow', ['backend']],
    ['the name of the service', 'netra-auth-staging restarts', ['auth']],
    ['the name of a revision', 'since netra-backend-staging-00749-6tr', ['backend']],
    ['the name of the instance', 'staging-shared-postgres has no connections', ['db']],
    ['the name of the connector', '`staging-connector` is full', ['connector']],
    ['a word for the only one of a type', 'the VPC connector is full', ['connector']],
    ['a host, of all that it is the host of', 'https://api.staging.netra.ai/x answers 503', ['api', 'chat']],
    ['a line of a log', '```\nnetra-backend-staging: exit\n```', ['backend']],
  ])('are named by %s', (_, body, ids) => expect(componentsOf(body)).toEqual(expect.arrayContaining(ids)));

  it.each([
    ['a longer name', 'netra-backend-staging-legacy fails'],
    ['what works', 'netra-backend-staging is healthy. auth is fine.'],
    ['a box that is not ticked', '- [ ] backend\n- [ ] auth'],
    ['what is told of another issue', 'Unlike #3, where backend failed'],
  ])('are not named by %s', (_, body) => expect(componentsOf(body)).toEqual([]));

  it('are named by a sentence that says that they do not work', () => {
    expect(componentsOf('backend is not healthy')).toEqual(['backend']);
  });
});

describe('the cause', () => {
  it.each([
    ['Root cause: the VPC connector was saturated.', 'vpc-connector-saturated'],
    ['It turned out that the staging-connector had been deleted.', 'vpc-connector-unavailable'],
    ['Caused by an out of memory kill of the worker.', 'out-of-memory'],
    ['The reason was that too many connections were open.', 'cloudsql-connections-exhausted'],
    ['The root cause was a regional outage.', 'regional-incident'],
    ['Root cause: secret version 3 was disabled.', 'secret-inaccessible'],
    ['It was because of the publish quota.', 'quota-exhausted'],
  ])('%s', (said, cause) => expect(causeOf(said)).toBe(cause));

  it.each([
    ['nobody states one', 'the connector is at 10/10 instances'],
    ['it is a guess', 'Maybe it was caused by the quota'],
    ['it is a question', 'Was it caused by the quota?'],
    ['it is denied', 'It was not caused by the quota.'],
    ['there are two', 'Caused by the quota and a regional outage.'],
  ])('is unknown where %s', (_, said) => expect(causeOf(said)).toBeNull());

  it('is the one that was stated last', () => {
    expect(causeOf('Root cause: the publish quota.', 'Root cause: a regional outage.')).toBe(
      'regional-incident',
    );
  });
});
