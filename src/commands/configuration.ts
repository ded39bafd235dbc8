import { readRemoteConfiguration, configurationPath, type EtagCache } from '../config/remote.ts';
import {
  readRepositoryConfiguration,
  resolveEnvironment,
  type ConfigurationError,
} from '../config/repository.ts';
import { repositorySchema, type Configuration } from '../config/repository.schema.ts';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';

/** The repository's configuration for one environment, and what is wrong with the file. */
export type ReadConfiguration =
  | { kind: 'usable'; configuration: Configuration; errors: ConfigurationError[] }
  /** Nothing in the file can be used, or there is none (code `no-file`). */
  | { kind: 'unusable'; errors: ConfigurationError[] }
  /** `common` is what holds for all environments. */
  | { kind: 'no-environment'; asked: string; names: string[]; common: Configuration };

/**
 * Reads `.github/sitrep.yml` of the default branch. Where it has errors, as much of it as can be used is used.
 *
 * @throws where GitHub does not answer.
 */
export async function readConfiguration(
  request: GitHubRequest,
  repository: RepositoryName,
  cache: EtagCache,
  environment: string | undefined,
): Promise<ReadConfiguration> {
  const text = await readRemoteConfiguration(request, repository, cache);
  if (text === null) return { kind: 'unusable', errors: [missingFile(repository)] };
  return configurationOf(text, environment);
}

/** The configuration for one environment in the text of a file. */
export function configurationOf(
  text: string,
  environment: string | undefined,
  file?: string,
): ReadConfiguration {
  const { configuration, errors } = readRepositoryConfiguration(text, file);
  if (configuration === null) return { kind: 'unusable', errors };
  const resolved = resolveEnvironment(configuration, environment);
  if ('error' in resolved) {
    const { environments: _, ...common } = configuration;
    return { kind: 'no-environment', asked: environment ?? '', names: resolved.names, common };
  }
  return { kind: 'usable', configuration: resolved, errors };
}

/**
 * What is known of the configuration whatever is wrong with the file: the part that can be used, what holds for all
 * environments, or the defaults.
 */
export function knownOf(read: ReadConfiguration): Configuration {
  if (read.kind === 'usable') return read.configuration;
  return read.kind === 'no-environment' ? read.common : defaults;
}

const defaults: Configuration = repositorySchema.parse({ version: 1 });

/** Whether the repository has no configuration: then it does not use Sitrep. */
export function hasNoFile(read: ReadConfiguration): boolean {
  return read.kind === 'unusable' && read.errors.some(({ code }) => code === 'no-file');
}

function missingFile({ owner, name }: RepositoryName): ConfigurationError {
  return {
    code: 'no-file',
    message: `${owner}/${name} has no ${configurationPath} on its default branch`,
    line: 1,
    column: 1,
    path: '',
    remedy:
      'commit one that begins with version: 1 and has at least one component, for example components: { api: { type: http, url: "https://api.example.com/health" } }; sitrep check tells what is wrong with it',
  };
}
