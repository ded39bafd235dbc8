import { run } from 'probot';

/** The baseline: Probot's own server with one handler that does nothing. */
await run((app) => {
  app.on('issue_comment.created', () => undefined);
});
