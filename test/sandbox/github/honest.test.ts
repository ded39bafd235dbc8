import { expect, test } from 'vitest';
import { client, files, installationToken, manifest, repository, scenario, start } from './start.ts';

test('what an App does on an issue is accepted, through the real client', async () => {
  const github = await start();
  const octokit = client(github, await installationToken(github));
  const issue = { ...repository, issue_number: 7 };

  const { data: comment } = await octokit.rest.issues.createComment({ ...issue, body: 'Status' });
  const place = { ...repository, comment_id: comment.id };
  await octokit.rest.issues.updateComment({ ...place, body: 'Status, edited' });
  await octokit.rest.issues.getComment(place);
  const eyes = await octokit.rest.reactions.createForIssueComment({ ...place, content: 'eyes' });
  await octokit.rest.reactions.createForIssueComment({ ...place, content: 'rocket' });
  await octokit.rest.reactions.listForIssueComment(place);
  await octokit.rest.reactions.deleteForIssueComment({ ...place, reaction_id: eyes.data.id });
  await octokit.request('PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin', place);
  await octokit.graphql(
    `mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized minimizedReason } } }`,
    { id: comment.node_id },
  );
  await octokit.rest.issues.createLabel({ ...repository, name: 'regression', color: 'ff0000' });
  await octokit.rest.issues.addLabels({ ...issue, labels: ['regression', 'new one'] });
  await octokit.rest.issues.removeLabel({ ...issue, name: 'bug' });
  await octokit.rest.issues.addAssignees({ ...issue, assignees: ['alice', 'nobody'] });
  await octokit.rest.issues.update({ ...issue, state: 'closed', state_reason: 'completed' });

  expect(github.thread(7)).toMatchObject([
    { by: 'will', bot: false, body: 'Looking.', reactions: [] },
    {
      by: 'sitrep[bot]',
      bot: true,
      body: 'Status, edited',
      reactions: ['rocket'],
      minimized: 'outdated',
      pinned: true,
    },
  ]);
  expect(github.issue(7)).toMatchObject({
    state: 'closed',
    labels: ['regression', 'new one'],
    assignees: ['alice'],
  });
  await octokit.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/pin', place);
  await octokit.rest.issues.deleteComment(place);
  expect(github.thread(7)).toHaveLength(1);
  expect(github.refusals).toEqual([]);
});

test('what an App reads of a repository is there', async () => {
  const github = await start();
  const octokit = client(github, await installationToken(github));

  const content = await octokit.rest.repos.getContent({ ...repository, path: 'README.md' });
  expect(content.data).toMatchObject({ type: 'file', encoding: 'base64', size: 11 });
  const raw = await octokit.rest.repos.getContent({
    ...repository,
    path: '.github/sitrep.yml',
    mediaType: { format: 'raw' },
  });
  expect(raw.data).toBe(files['.github/sitrep.yml']);
  const root = await octokit.rest.repos.getContent({ ...repository, path: '' });
  expect(root.data).toMatchObject([
    { name: '.github', type: 'dir' },
    { name: 'README.md', type: 'file' },
  ]);

  const issues = await octokit.rest.issues.listForRepo({ ...repository, state: 'all', labels: 'BUG' });
  expect(issues.data.map(({ number }) => number)).toEqual([7]);
  const commits = await octokit.rest.repos.listCommits({ ...repository, since: '2025-09-15T00:00:00Z' });
  expect(commits.data.map(({ commit }) => commit.message)).toEqual(['New page']);
  const byPath = await octokit.rest.repos.listCommits({ ...repository, path: 'deploy' });
  expect(byPath.data.map(({ sha }) => sha)).toEqual(['a'.repeat(40)]);
  const commit = await octokit.rest.repos.getCommit({ ...repository, ref: 'main' });
  expect(commit.data.files?.map(({ filename }) => filename)).toEqual(['src/page.ts', 'README.md']);
  const deployments = await octokit.rest.repos.listDeployments({ ...repository, environment: 'staging' });
  const [deployment] = deployments.data;
  const statuses = await octokit.rest.repos.listDeploymentStatuses({
    ...repository,
    deployment_id: deployment?.id ?? 0,
  });
  expect(statuses.data).toMatchObject([{ state: 'success', environment: 'staging' }]);

  await octokit.rest.repos.get(repository);
  await octokit.rest.issues.get({ ...repository, issue_number: 3 });
  await octokit.rest.issues.listComments({ ...repository, issue_number: 7 });
  await octokit.rest.issues.listLabelsForRepo(repository);
  await octokit.rest.issues.listLabelsOnIssue({ ...repository, issue_number: 7 });
  await octokit.rest.issues.getLabel({ ...repository, name: 'p0' });
  await octokit.rest.pulls.list({ ...repository, state: 'all' });
  await octokit.rest.rateLimit.get();
  expect(github.refusals).toEqual([]);
});

test.each([
  ['alice', 'admin', 'admin'],
  ['mona', 'maintain', 'write'],
  ['will', 'write', 'write'],
  ['tria', 'triage', 'read'],
  ['RHEA', 'read', 'read'],
])('%s has the role %s, which the older word calls %s', async (username, role, permission) => {
  const github = await start();
  const octokit = client(github, await installationToken(github));
  const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repository, username });
  expect(data).toMatchObject({ role_name: role, permission });
});

test.each(['nobody', 'a-stranger'])('%s has no role: 404, and no mistake', async (username) => {
  const github = await start();
  const octokit = client(github, await installationToken(github));
  const asked = octokit.rest.repos.getCollaboratorPermissionLevel({ ...repository, username });
  await expect(asked).rejects.toMatchObject({ status: 404 });
  expect(github.refusals).toEqual([]);
});

test('a person with a token is who they are, with their own role', async () => {
  const github = await start();
  const alice = client(github, 'ghp_alice');
  expect((await alice.rest.users.getAuthenticated()).data).toMatchObject({
    login: 'alice',
    name: 'Alice Ames',
  });
  await alice.rest.issues.createComment({ ...repository, issue_number: 7, body: 'By hand' });
  expect(github.thread(7).at(-1)).toMatchObject({ by: 'alice', bot: false });
  const rhea = client(github, 'ghp_rhea');
  const labelled = rhea.rest.issues.addLabels({ ...repository, issue_number: 7, labels: ['P0'] });
  await expect(labelled).rejects.toMatchObject({ status: 403 });
  const nobody = client(github, 'ghp_nobody');
  await expect(nobody.rest.repos.get(repository)).rejects.toMatchObject({ status: 404 });
  expect(github.refusals).toEqual([]);
});

test('a comment may be as long as GitHub takes it, counted in characters', async () => {
  const github = await start();
  const octokit = client(github, await installationToken(github));
  const body = '🔴'.repeat(65_536);
  const { data } = await octokit.rest.issues.createComment({ ...repository, issue_number: 7, body });
  expect(data.body).toBe(body);
});

test('two installations do not see each other', async () => {
  const github = await start();
  const other = github.install(
    { ...scenario, repository: { ...scenario.repository, owner: 'elsewhere' } },
    {},
  );
  const octokit = client(github, await installationToken(github, other));
  const issue = { owner: 'elsewhere', repo: 'shop', issue_number: 7 };
  await octokit.rest.issues.createComment({ ...issue, body: 'Over here' });
  expect(github.thread(7)).toHaveLength(1);
  await expect(octokit.rest.issues.get({ ...issue, ...repository })).rejects.toMatchObject({ status: 404 });
});

test('who is in a team is told to an App that may read members, and to no other', async () => {
  const members = { ...manifest.default_permissions, members: 'read' };
  const github = await start({ manifest: { ...manifest, default_permissions: members } });
  const octokit = client(github, await installationToken(github));
  const ask = (team_slug: string, username: string, org = repository.owner) =>
    octokit.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', { org, team_slug, username });
  github.setTeam('sre', 'Will', 'active');
  github.setTeam('sre', 'tria', 'pending');
  expect((await ask('sre', 'will')).data).toMatchObject({ state: 'active', role: 'member' });
  expect((await ask('SRE', 'tria')).data).toMatchObject({ state: 'pending' });
  await expect(ask('sre', 'mona')).rejects.toMatchObject({ status: 404 });
  await expect(ask('other', 'will')).rejects.toMatchObject({ status: 404 });
  expect(github.refusals).toEqual([]);
  await expect(ask('sre', 'will', 'elsewhere')).rejects.toMatchObject({ status: 404 });
  expect(github.refusals).toHaveLength(1);

  const without = await start();
  without.setTeam('sre', 'will', 'active');
  const denied = client(without, await installationToken(without));
  await expect(
    denied.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org: repository.owner,
      team_slug: 'sre',
      username: 'will',
    }),
  ).rejects.toMatchObject({ status: 403 });
});
