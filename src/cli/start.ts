import { exit } from './io.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep start`: the server. It has neither arguments nor options, and `main` runs it without asking what it was given. */
export const start: Subcommand = {
  name: 'start',
  summary:
    'runs the server: intake, queue, workers; SIGINT and SIGTERM end it. Without any credentials it opens a page that makes the GitHub App',
  examples: [
    'sitrep start',
    'GH_ORG=acme sitrep start',
    'APP_ID=… PRIVATE_KEY_PATH=key.pem WEBHOOK_SECRET=… sitrep start',
  ],
  declare: (command, line, done) =>
    void command.action(async () => {
      const { runServer } = await import('./serve.ts');
      await runServer(line);
      done(exit.done);
    }),
};
