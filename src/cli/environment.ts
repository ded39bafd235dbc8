import { readFileSync } from 'node:fs';
import {
  examineServerEnvironment,
  policyPathOf,
  readCommandLineEnvironment,
  readDatabase,
  readServerEnvironment,
  type CommandLineEnvironment,
  type Environment,
  type EnvironmentDeps,
  type EnvironmentReading,
  type FaultyReading,
  type ServerEnvironment,
} from '../config/environment.ts';
import { InputError, type CommandLine } from './io.ts';

/** What the server needs of the environment. @throws InputError with every problem and its remedy. */
export async function serverEnvironment({ environment }: CommandLine): Promise<ServerEnvironment> {
  return sound(readServerEnvironment(environment, await readingFor(environment)));
}

/** The server's environment, with all that is wrong with it. */
export async function examinedEnvironment({
  environment,
}: CommandLine): Promise<FaultyReading<ServerEnvironment>> {
  return examineServerEnvironment(environment, await readingFor(environment));
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}

function unnamed(): never {
  throw new Error('no policy is named');
}

/** Reading a policy takes a parser of YAML, which a start without one is spared. */
async function readingFor(environment: Environment): Promise<EnvironmentDeps> {
  if (policyPathOf(environment) === null) return { readFile, readPolicy: unnamed };
  const { readPolicy } = await import('../config/policy-file.ts');
  return { readFile, readPolicy };
}

/** What a subcommand needs of the environment. @throws InputError with every problem and its remedy. */
export function commandLineEnvironment(
  { environment }: CommandLine,
  needs: { githubToken: boolean } = { githubToken: false },
): CommandLineEnvironment {
  return sound(readCommandLineEnvironment(environment, needs));
}

/** Where the database is. @throws InputError where that is no address, with the remedy. */
export function databaseUrl({ environment }: CommandLine): string {
  return sound(readDatabase(environment));
}

/** Whether LOG_LEVEL asks for details; where the environment has faults of its own, it does not. */
export function isVerbose({ environment }: CommandLine): boolean {
  const reading = readCommandLineEnvironment(environment, { githubToken: false });
  return 'value' in reading && ['debug', 'trace'].includes(reading.value.logLevel);
}

function sound<Value>(reading: EnvironmentReading<Value>): Value {
  if ('value' in reading) return reading.value;
  throw new InputError(reading.errors.map(({ message, remedy }) => `${message}; ${remedy}`).join('\n'));
}
