import { code, label, prose, say } from '../text.ts';
import type { ConfigurationErrorRow, ConfigurationErrorsUpdate } from '../update.ts';
import { checkpointName } from './checkpoint.ts';
import { replyFooter } from './reply-footer.ts';

/** Where a configuration is wrong, counted from 1, and what to do about it. */
export interface ConfigurationProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly remedy: string;
}

/** All errors of a `.github/sitrep.yml` that cannot be used, in the order of the file. */
export function composeConfigurationErrors(input: {
  errors: readonly ConfigurationProblem[];
  version: string;
  /** The checkpoint whose update this stands for; missing where somebody asked. */
  checkpoint?: { kind: string } | undefined;
}): ConfigurationErrorsUpdate {
  const count = input.errors.length;
  const file = code('.github/sitrep.yml');
  const occasion =
    input.checkpoint === undefined ? say`` : say`**${checkpointName(input.checkpoint.kind)}.** `;
  return {
    kind: 'configuration-errors',
    headline: count === 1 ? say`1 error in ${file}` : say`${count} errors in ${file}`,
    consequence: say`${occasion}Nothing was read: this says nothing about the state of anything. Correct the file on the default branch, then write ${code('/status')} again.`,
    folds: {
      errors:
        count === 0
          ? null
          : { summary: label`Errors: ${count}`, rows: configurationRows(input.errors), omitted: 0 },
    },
    footer: replyFooter(input.version),
  };
}

/** One row an error: its place, what is wrong, what to do. */
export function configurationRows(errors: readonly ConfigurationProblem[]): ConfigurationErrorRow[] {
  return errors.map(({ line, column, message, remedy }) => ({
    place: say`${code(`${line}:${column}`)}`,
    what: say`${prose(message)}`,
    remedy: say`${prose(remedy)}`,
  }));
}
