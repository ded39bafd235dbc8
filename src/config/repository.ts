import { checkExpression } from '../core/criteria.ts';
import type { ExpressionProblem } from '../core/criteria.ts';
import { inOrder, pathText } from './configuration-error.ts';
import type { ConfigurationError, Path } from './configuration-error.ts';
import { schemaTree } from './json-schema.ts';
import { referenceProblems } from './references.ts';
import { repositorySchema } from './repository.schema.ts';
import type { Configuration, RepositoryFile } from './repository.schema.ts';
import { environmentNames, layOver } from './resolve.ts';
import { structureProblems } from './schema-problems.ts';
import { usableOf } from './usable.ts';
import { fieldsAt } from './written.ts';
import { errorAt, readYaml } from './yaml-source.ts';
import type { YamlSource } from './yaml-source.ts';

export type { ConfigurationError } from './configuration-error.ts';
export { resolveEnvironment } from './resolve.ts';

/** What a file says, and what is wrong with it. */
export interface ConfigurationReading {
  /** As much of it as can be used; null only where nothing can. Complete where there are no errors. */
  configuration: RepositoryFile | null;
  /** All errors at once, in the order of the file. */
  errors: ConfigurationError[];
}

/**
 * Reads a repository's configuration. It never throws: whatever the text is, the errors say what is wrong, where,
 * and what to do about it.
 *
 * @param name The name of the file for messages.
 */
export function readRepositoryConfiguration(text: string, name = '.github/sitrep.yml'): ConfigurationReading {
  const source = readYaml(text, name);
  if (source.errors.length === 0 && (source.value === null || source.value === undefined)) {
    return { configuration: null, errors: [emptyFile(name)] };
  }
  if (!source.complete) return { configuration: null, errors: source.errors };
  const file = usableOf(source.value);
  const errors = [
    ...source.errors,
    ...structureErrors(source),
    ...(file ? [...referenceErrors(file, source), ...expressionErrors(file, source)] : []),
  ];
  return { configuration: file, errors: inOrder(errors) };
}

function emptyFile(name: string): ConfigurationError {
  return {
    code: 'empty',
    message: `${name} is empty`,
    line: 1,
    column: 1,
    path: '',
    remedy:
      'begin with: version: 1, and below it components: { api: { type: http, url: "https://api.example.com/health" } }',
  };
}

/** What does not fit the schema, but for what is missing only because YAML's part of it was refused. */
function structureErrors(source: YamlSource): ConfigurationError[] {
  const parsed = repositorySchema.safeParse(source.value);
  if (parsed.success) return [];
  const refused = new Set(source.errors.map(({ path }) => path));
  return structureProblems(parsed.error.issues, source, schemaTree(repositorySchema))
    .map(({ error }) => error)
    .filter(({ path }) => path === '' || !refused.has(path));
}

function referenceErrors(file: RepositoryFile, source: YamlSource): ConfigurationError[] {
  return referenceProblems(source.value, file).map(({ path, at, code, message, remedy }) => {
    const position = at === 'key' ? source.keyAt(path) : source.valueAt(path);
    return errorAt(position, path, code, message, remedy);
  });
}

/** Faults of the expressions, each at its character in the file. */
function expressionErrors(file: RepositoryFile, source: YamlSource): ConfigurationError[] {
  const configurations = environmentNames(file).map((name) => layOver(file, name));
  return expressionLists
    .flatMap((path) => fieldsAt(source.value, path, 'when'))
    .flatMap(({ text, path }) =>
      problemsEverywhere(text.trim(), configurations).map((problem) =>
        expressionError(problem, text, path, source),
      ),
    );
}

const expressionLists: readonly Path[] = [['success_criteria'], ['escalation'], ['labels', 'apply']];

function expressionError(
  problem: ExpressionProblem,
  text: string,
  path: Path,
  source: YamlSource,
): ConfigurationError {
  const trimmed = text.length - text.trimStart().length;
  const position = source.characterAt(path, trimmed + problem.offset);
  return errorAt(position, path, problem.code, `${pathText(path)}: ${problem.message}`, problem.remedy);
}

/** A component of one environment only is no fault of a criterion that all of them share. */
function problemsEverywhere(
  expression: string,
  configurations: readonly Configuration[],
): ExpressionProblem[] {
  const [first = [], ...others] = configurations.map((one) => checkExpression(expression, one));
  return first.filter(({ code, offset }) =>
    others.every((problems) => problems.some((other) => other.code === code && other.offset === offset)),
  );
}
