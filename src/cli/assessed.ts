import type { Command } from 'commander';
import type { Configuration } from '../config/repository.schema.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { repositoryId } from '../core/repository-id.ts';
import { bothOf, readConfigurationFile, readSnapshotFile } from './inputs.ts';
import { InputError, type CommandLine } from './io.ts';

/** What the subcommands have in common that work on a snapshot which was collected before. */
export interface AssessedOptions {
  config: string;
  snapshot: string;
  environment?: string;
}

/** Declares their options. */
export function withAssessedOptions(command: Command): Command {
  return command
    .requiredOption('--config <FILE>', 'the configuration')
    .requiredOption('--snapshot <FILE>', 'a snapshot of sitrep collect')
    .option('--environment <NAME>', 'one of several environments');
}

/** Reads a snapshot and the configuration that it belongs to. @throws InputError with the faults of both. */
export async function readAssessed(
  { config, snapshot: file, environment }: AssessedOptions,
  line: CommandLine,
): Promise<{ configuration: Configuration; snapshot: Snapshot }> {
  const [configuration, snapshot] = await bothOf(
    readConfigurationFile(config, environment),
    readSnapshotFile(file),
  );
  const read = new Set([...snapshot.observations, ...snapshot.gaps].map(({ component }) => component));
  const strange = [...read].filter(
    (component) => component !== repositoryId && !(component in configuration.components),
  );
  read.delete(repositoryId);
  if (read.size > 0 && strange.length === read.size)
    throw new InputError(
      `${file} holds none of the components of ${config}; name the configuration that it was collected by`,
    );
  if (strange.length > 0)
    line.err(
      `${file} holds components that ${config} does not have, and that are left out: ${strange.join(', ')}\n`,
    );
  return { configuration, snapshot };
}
