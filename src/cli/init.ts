import { configurationPath } from '../config/remote.ts';
import type { InitOptions } from './init/write.ts';
import { repositoryOption } from './options.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep init`: a configuration of what a project holds, ready for a pull request. */
export const init: Subcommand = {
  name: 'init',
  summary:
    'writes a configuration from what a Google project holds, with comments that say where each part came from, and the policy entry for it',
  examples: [
    'sitrep init --project shop-staging',
    'sitrep init --project shop-staging --region europe-west1 --repo acme/shop --out .github/sitrep.yml',
    'sitrep init --project shop-staging --out - --json',
  ],
  declare: (command, line, done) =>
    void command
      .option('--project <ID>', 'the Google project; GOOGLE_CLOUD_PROJECT where it is missing')
      .option('--region <NAME>', 'the region; where it is missing, the one with the most Cloud Run services')
      .option('--out <FILE>', 'where the configuration goes; - for standard output', configurationPath)
      .option('--repo <OWNER/NAME>', 'the repository that the policy entry is for', repositoryOption)
      .option('--force', 'overwrites a file that is there')
      .option('--json', 'prints what was found and what is proposed as JSON')
      .addHelpText(
        'after',
        '\nIt reads with your own Google credentials (gcloud auth application-default login), lists only, and no value of a secret. What could not be read stands in the file as a comment with the remedy.',
      )
      .action(async (options: InitOptions) => {
        // Loaded here: the other subcommands do without it.
        const { write } = await import('./init/write.ts');
        done(await write(options, line));
      }),
};
