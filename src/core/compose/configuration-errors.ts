import { code, label, prose, say, type Text } from '../text.ts';
import type { ConfigurationErrorRow, ConfigurationErrorsUpdate, Fold } from '../update.ts';
import { checkpointName } from './checkpoint.ts';
import type { Facts } from './facts.ts';
import { fold } from './folds/fold.ts';
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
  /** The incident was declared all the same. */
  declared?: boolean;
}): ConfigurationErrorsUpdate {
  const count = input.errors.length;
  const file = code('.github/sitrep.yml');
  const occasion =
    input.checkpoint !== undefined
      ? say`**${checkpointName(input.checkpoint.kind)}.** `
      : input.declared === true
        ? say`**The incident is declared.** `
        : say``;
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

/** How many errors of the file did not stop an update; null for none. */
export function configurationLine({ configurationErrors = [] }: Facts): Text | null {
  const count = configurationErrors.length;
  if (count === 0) return null;
  return say`${count} ${count === 1 ? say`error` : say`errors`} in ${code('.github/sitrep.yml')}; what they concern is left out`;
}

/** Those errors, each with its place and remedy. */
export function configurationFold({ configurationErrors = [] }: Facts): Fold<ConfigurationErrorRow> | null {
  return fold(
    label`Errors in the configuration: ${configurationErrors.length}`,
    configurationRows(configurationErrors),
  );
}

/** One row an error: its place, what is wrong, what to do. */
function configurationRows(errors: readonly ConfigurationProblem[]): ConfigurationErrorRow[] {
  return errors.map(({ line, column, message, remedy }) => ({
    place: say`${code(`${line}:${column}`)}`,
    what: say`${prose(message)}`,
    remedy: say`${prose(remedy)}`,
  }));
}
