import { run } from 'probot';

/** The baseline: Probot's own server with one handler, which answers each person's comment with a comment. */
await run((app) => {
  app.on('issue_comment.created', async (context) => {
    if (context.isBot) return;
    await context.octokit.rest.issues.createComment(context.issue({ body: 'Noted.' }));
  });
});
