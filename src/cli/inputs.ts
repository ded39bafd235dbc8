import { z } from 'zod';
import { configurationOf } from '../commands/configuration.ts';
import type { ConfigurationError } from '../config/repository.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { snapshotSchema, type Snapshot } from '../core/snapshot.ts';
import { readText } from './files.ts';
import { InputError } from './io.ts';

/** One error of a configuration on a line: place, message, remedy. */
export function errorLine(file: string, error: ConfigurationError): string {
  return `${file}:${String(error.line)}:${String(error.column)}: ${error.message}; ${error.remedy}`;
}

/**
 * The configuration of a file, for one environment. @throws InputError with every error of the file: on the command
 * line a half-read configuration helps nobody.
 */
export async function readConfigurationFile(file: string, environment?: string): Promise<Configuration> {
  const read = configurationOf(await readText(file), environment, file);
  if (read.kind === 'no-environment') throw noEnvironment(file, read);
  if (read.kind === 'unusable' || read.errors.length > 0) {
    throw new InputError(read.errors.map((error) => errorLine(file, error)).join('\n'));
  }
  return read.configuration;
}

/** An environment that the configuration does not have. */
export function noEnvironment(
  file: string,
  { asked, names }: { asked: string; names: string[] },
): InputError {
  const has = names.length === 0 ? 'it has one only, without a name' : `it has ${names.join(', ')}`;
  return new InputError(`${file} has no environment ${asked}; ${has}`);
}

/** The snapshot of a file. @throws InputError that says where it does not fit. */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  const parsed = snapshotSchema.safeParse(jsonOf(file, await readText(file)));
  if (parsed.success) return parsed.data;
  throw new InputError(
    `${file} is no snapshot of sitrep collect (docs/schemas/snapshot.schema.json):\n${z.prettifyError(parsed.error)}`,
  );
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file} is not JSON; name a file that sitrep collect --out has written`, {
      cause: error,
    });
  }
}

/** Waits for both. @throws InputError with the faults of both at once. */
export async function bothOf<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return [one.value, other.value];
  const faults: unknown[] = [one, other].flatMap((read) => (read.status === 'rejected' ? [read.reason] : []));
  const messages = faults.map((fault) => {
    if (fault instanceof InputError) return fault.message;
    throw fault;
  });
  throw new InputError(messages.join('\n'));
}
