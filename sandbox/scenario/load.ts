import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { ownFile } from '../../src/own-files.ts';
import { recordedSchema } from './answers.ts';
import type { Recorded, RecordedAnswer, RecordedProbe } from './answers.ts';
import { checkScenario } from './check.ts';
import { expectSchema, scenarioSchema } from './schema.ts';
import type { Scenario, ScenarioExpectation } from './schema.ts';

/** Reads a scenario's directory and checks all that can be checked before it is played. */

export interface LoadedScenario {
  dir: string;
  scenario: Scenario;
  /** The recorded answers of APIs that it names. */
  answers: RecordedAnswer[];
  /** The recorded answers of endpoints. */
  probes: RecordedProbe[];
  /** Text of `sitrep.yml`. */
  configuration: string;
  /** Text of `sitrep.policy.yml`; null where there is none. */
  policy: string | null;
  /** `expect.yml`; null where there is none. */
  expected: ScenarioExpectation | null;
}

/** A scenario that cannot be played: every problem at once, each with its file, its place and what to do. */
export class ScenarioError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const shipped = ownFile('sandbox/scenarios');

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** A name of `sandbox/scenarios/` goes before a directory of the same name. */
async function directoryOf(dirOrName: string): Promise<string> {
  const named = join(shipped, dirOrName);
  if (/^[\w-]+$/.test(dirOrName) && (await isDirectory(named))) return named;
  const given = isAbsolute(dirOrName) ? dirOrName : resolve(dirOrName);
  if (await isDirectory(given)) return given;
  const entries = await readdir(shipped, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const remedy = `Name one of ${names.join(', ') || 'sandbox/scenarios/ (it is empty)'}, or give a directory.`;
  throw new ScenarioError([`There is no scenario ${dirOrName}. ${remedy}`]);
}

async function textOf(dir: string, file: string): Promise<string | null> {
  try {
    return await readFile(join(dir, file), 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function demandedText(dir: string, file: string, holds: string): Promise<string> {
  const text = await textOf(dir, file);
  if (text === null)
    throw new ScenarioError([`${join(dir, file)}: the file is missing. Write ${holds} into it.`]);
  return text;
}

/** `google.resources[0].path`, as a person would write it. */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** Where a path of the document stands in its text, `line:column`; the nearest parent that is there. */
function positionOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): string {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    if (Array.isArray(range) && typeof range[0] === 'number') {
      const { line, col } = lines.linePos(range[0]);
      return `:${line}:${col}`;
    }
  }
  return '';
}

interface Parsed<T> {
  value: T;
  /** File, line and column of a path in it. */
  at: (path: readonly PropertyKey[]) => string;
}

function parsed<T>(file: string, text: string, schema: z.ZodType<T>): Parsed<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new ScenarioError(
      document.errors.map(({ message }) => `${file}: ${message.split('\n')[0]} Correct the YAML.`),
    );
  }
  const at = (path: readonly PropertyKey[]) =>
    `${file}${positionOf(document, lines, path)}: ${placeOf(path)}`;
  const result = schema.safeParse(document.toJS());
  if (result.success) return { value: result.data, at };
  throw new ScenarioError(
    result.error.issues.map(
      ({ path, message }) => `${at(path)}: ${message}. The form is that of sandbox/scenario/schema.ts.`,
    ),
  );
}

/** The recorded answers. @throws ScenarioError with the problems of all files */
async function recordedOf(
  dir: string,
  files: readonly string[],
): Promise<Pick<LoadedScenario, 'answers' | 'probes'>> {
  const read = await Promise.all(files.map((file) => answerOf(dir, file)));
  const problems = read.filter((one) => typeof one === 'string');
  if (problems.length > 0) throw new ScenarioError(problems);
  const recorded = read.filter((one) => typeof one !== 'string');
  return {
    answers: recorded.filter((one) => 'request' in one),
    probes: recorded.filter((one) => 'probe' in one),
  };
}

/** The answer in a file, or what is wrong with it. */
async function answerOf(dir: string, name: string): Promise<Recorded | string> {
  const file = join(dir, name);
  const text = await textOf(dir, name);
  if (text === null)
    return `${file}: the file is missing. Put it back, or take its name out of scenario.yml.`;
  try {
    const result = recordedSchema.safeParse(JSON.parse(text));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    return `${file}: ${placeOf(issue?.path ?? [])}: ${issue?.message ?? ''}. The form is that of sandbox/scenario/answers.ts.`;
  } catch {
    return `${file}: it is not JSON. Correct it.`;
  }
}

/**
 * Loads a scenario by a name of `sandbox/scenarios/` or by a directory.
 *
 * @throws ScenarioError with all problems of the first file that has any
 */
export async function loadScenario(dirOrName: string): Promise<LoadedScenario> {
  const dir = await directoryOf(dirOrName);
  const file = join(dir, 'scenario.yml');
  const { value: scenario, at } = parsed(
    file,
    await demandedText(dir, 'scenario.yml', 'the outage'),
    scenarioSchema,
  );
  const problems = checkScenario(scenario);
  if (problems.length > 0) {
    throw new ScenarioError(problems.map(({ path, what, remedy }) => `${at(path)}: ${what}. ${remedy}`));
  }
  const expectation = await textOf(dir, 'expect.yml');
  return {
    dir,
    scenario,
    ...(await recordedOf(dir, scenario.answers)),
    configuration: await demandedText(dir, 'sitrep.yml', "the repository's configuration"),
    policy: await textOf(dir, 'sitrep.policy.yml'),
    expected: expectation === null ? null : parsed(join(dir, 'expect.yml'), expectation, expectSchema).value,
  };
}

/** JSON Schema of `scenario.yml`, for editors and for people who write one. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(scenarioSchema, { io: 'input' }), title: 'Scenario of the Sitrep sandbox' };
}
