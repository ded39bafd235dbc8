import { missingVariables } from './env-file.ts';
import { readGitHubApi } from './environment-github.ts';
import type { Faults, ReadVariable } from './environment-reader.ts';
import { collectFaults, readDespiteFaults } from './environment-reader.ts';
import type { EnvironmentReading, FaultyReading } from './environment-reader.ts';
import { readGoogleEndpoint, readOriginMap } from './environment-sandbox.ts';
import { readChannels, type Channel } from './notify.ts';
import type { readPolicy } from './policy-file.ts';
import type { Policy } from './policy.schema.ts';
import { parsePrivateKey } from './private-key.ts';
import { variables } from './variables.ts';
import type { VariableName } from './variables.ts';

export type { EnvironmentReading, FaultyReading } from './environment-reader.ts';

/** The environment's variables, as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentDeps {
  /** The text of a file; throws where it cannot be read. */
  readFile: (path: string) => string;
  /** What reads a policy: where there is none, it need not even be loaded. */
  readPolicy: typeof readPolicy;
}

/** What server and command line have in common. */
interface CommonEnvironment {
  logLevel: LogLevel;
  /** Base of GitHub's REST API; null for github.com. */
  githubApiUrl: string | null;
  /** Origin that all Google API calls go to; null for Google's own hosts. */
  googleEndpoint: string | null;
  /** Origin → loopback origin that is asked in its place. */
  probeMap: Record<string, string>;
}

/** What the server is started with. */
export interface ServerEnvironment extends CommonEnvironment {
  appId: number;
  /** PKCS#8 PEM. */
  privateKey: string;
  webhookSecret: string;
  webhookSecretPrevious: string | null;
  host: string;
  port: number;
  databaseUrl: string;
  /** Address that webhooks are to come to, which set-up writes into the App; null where it is not known. */
  webhookUrl: string | null;
  /** The operator's policy; null: nothing outside GitHub is read. */
  policy: Policy | null;
  /** Where people are told outside GitHub, by the variable that holds the address. */
  channels: ReadonlyMap<string, Channel>;
  /** With which `/metrics` is read; null where there are no metrics. */
  metricsToken: string | null;
  /** Where traces go; null where there are none. */
  traces: TracesTarget | null;
}

/** A collector of traces. */
export interface TracesTarget {
  /** Base address of an OTLP receiver. */
  endpoint: string;
  serviceName: string;
}

/** What the command line runs with. */
export interface CommandLineEnvironment extends CommonEnvironment {
  /** Null where it is neither set nor asked for. */
  githubToken: string | null;
  /** Google project that `sitrep init` reads where none is named. */
  googleProject: string | null;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

/** The variables of this process. Nothing else reads them. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Adds the variables of a `.env` file to those of this process, where packages look for theirs too, such as
 * GOOGLE_APPLICATION_CREDENTIALS. What is set in the environment stays.
 */
export function addToProcessEnvironment(text: string): void {
  Object.assign(process.env, missingVariables(text, process.env));
}

/** Reads what the server needs. All problems at once, each with its remedy. */
export function readServerEnvironment(
  environment: Environment,
  deps: EnvironmentDeps,
): EnvironmentReading<ServerEnvironment> {
  return collectFaults(environment, serverBuild(environment, deps));
}

/** The same for `sitrep doctor`: what is right beside all that is wrong. */
export function examineServerEnvironment(
  environment: Environment,
  deps: EnvironmentDeps,
): FaultyReading<ServerEnvironment> {
  return readDespiteFaults(environment, serverBuild(environment, deps));
}

function serverBuild(environment: Environment, deps: EnvironmentDeps) {
  return (read: ReadVariable, faults: Faults): ServerEnvironment => {
    const policy = readPolicyFile(read, deps, faults);
    const map = readOriginMap('SITREP_NOTIFY_MAP', read, faults);
    return {
      ...readCommon(read, faults),
      appId: readAppId(read, faults),
      privateKey: readKey(read, deps, faults),
      webhookSecret: readSecret(read, faults),
      webhookSecretPrevious: readPreviousSecret(read, faults),
      host: read('HOST') ?? variables.HOST.default,
      port: readPort(read, faults),
      databaseUrl: readDatabaseUrl(read, faults),
      webhookUrl: readWebhookUrl(read, faults),
      policy,
      channels: readChannels(policy, environment, map, faults),
      metricsToken: readMetricsToken(read, faults),
      traces: readTraces(read, faults),
    };
  };
}

/** Path of the policy that the environment names; null for none. */
export function policyPathOf(environment: Environment): string | null {
  return environment['SITREP_POLICY' satisfies VariableName]?.trim() || null;
}

const credentials = ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET'] as const;

/** Whether a variable is one of the App's credentials. */
export function isCredential(name: VariableName): boolean {
  return credentials.some((credential) => credential === name);
}

/**
 * Whether there is an App yet: where none of its credentials is set, and this is no production, `sitrep start` makes one.
 */
export function isBeforeSetUp(environment: Environment): boolean {
  const read: ReadVariable = (name) => environment[name]?.trim() || null;
  return read('NODE_ENV') !== 'production' && credentials.every((name) => read(name) === null);
}

/** Where the database is, for `sitrep doctor`; it needs no other variable. */
export function readDatabase(environment: Environment): EnvironmentReading<string> {
  return collectFaults(environment, readDatabaseUrl);
}

/** Reads what the command line needs; `sitrep status` cannot do without a token. */
export function readCommandLineEnvironment(
  environment: Environment,
  needs: { githubToken: boolean },
): EnvironmentReading<CommandLineEnvironment> {
  return collectFaults(environment, (read, faults) => {
    const githubToken = read('GITHUB_TOKEN');
    if (githubToken === null && needs.githubToken) {
      faults.add(
        'GITHUB_TOKEN',
        'is not set',
        'set it to a token that may read the issue, for example $(gh auth token)',
      );
    }
    return { ...readCommon(read, faults), githubToken, googleProject: read('GOOGLE_CLOUD_PROJECT') };
  });
}

function readCommon(read: ReadVariable, faults: Faults): CommonEnvironment {
  return {
    logLevel: readLogLevel(read, faults),
    githubApiUrl: readGitHubApi(read, faults),
    googleEndpoint: readGoogleEndpoint(read, faults),
    probeMap: readOriginMap('SITREP_PROBE_MAP', read, faults),
  };
}

function readLogLevel(read: ReadVariable, faults: Faults): LogLevel {
  const value = read('LOG_LEVEL') ?? variables.LOG_LEVEL.default;
  const level = logLevels.find((known) => known === value.toLowerCase());
  if (level === undefined)
    faults.add('LOG_LEVEL', `cannot be ${value}`, `set it to one of ${logLevels.join(', ')}`);
  return level ?? variables.LOG_LEVEL.default;
}

function readAppId(read: ReadVariable, faults: Faults): number {
  const value = read('APP_ID');
  if (value !== null && /^[1-9]\d{0,14}$/.test(value)) return Number(value);
  const fault = value === null ? 'is not set' : 'is no number';
  faults.add('APP_ID', fault, "set it to the App ID on the App's settings page");
  return 0;
}

function readKey(read: ReadVariable, { readFile }: EnvironmentDeps, faults: Faults): string {
  const [value, path] = [read('PRIVATE_KEY'), read('PRIVATE_KEY_PATH')];
  const remedy = "generate a private key on the App's settings page, and set PRIVATE_KEY_PATH to the file";
  if (value === null && path === null) {
    faults.add('PRIVATE_KEY', 'is not set, nor is PRIVATE_KEY_PATH', remedy);
    return '';
  }
  const name = value === null ? 'PRIVATE_KEY_PATH' : 'PRIVATE_KEY';
  const text = value ?? readText(name, path ?? '', readFile, faults);
  if (text === null) return '';
  const key = parsePrivateKey(text);
  if (key === null) faults.add(name, 'holds no RSA private key of 2,048 bits or more', remedy);
  return key ?? '';
}

/** The text of a file that a variable names; null, with a fault, where it cannot be read. */
function readText(
  name: VariableName,
  path: string,
  readFile: EnvironmentDeps['readFile'],
  faults: Faults,
): string | null {
  try {
    return readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    faults.add(
      name,
      `names a file that cannot be read: ${reason}`,
      `check the path ${path} and who may read it`,
    );
    return null;
  }
}

const secretRemedy =
  "set it to the secret of the App's webhook, for example one made by: openssl rand -hex 32";

function readSecret(read: ReadVariable, faults: Faults): string {
  const value = read('WEBHOOK_SECRET');
  if (value === null) faults.add('WEBHOOK_SECRET', 'is not set', secretRemedy);
  if (value?.toLowerCase() === 'development') {
    faults.add('WEBHOOK_SECRET', 'is `development`, which everybody can guess', secretRemedy);
  }
  return value ?? '';
}

function readPreviousSecret(read: ReadVariable, faults: Faults): string | null {
  const value = read('WEBHOOK_SECRET_PREVIOUS');
  if (value?.toLowerCase() === 'development') {
    faults.add('WEBHOOK_SECRET_PREVIOUS', 'is `development`, which everybody can guess', 'remove it');
  }
  return value;
}

/** What a bearer token may hold (RFC 6750, section 2.1), and longer than anybody guesses. */
const bearerToken = /^[A-Za-z0-9._~+/-]{16,500}=*$/;

function readMetricsToken(read: ReadVariable, faults: Faults): string | null {
  const value = read('SITREP_METRICS_TOKEN');
  if (value === null || bearerToken.test(value)) return value;
  faults.add(
    'SITREP_METRICS_TOKEN',
    'is shorter than 16 characters, or holds others than letters, digits and ._~+/-=',
    'set it to one made by: openssl rand -hex 32; or remove it, and there are no metrics',
  );
  return null;
}

function readTraces(read: ReadVariable, faults: Faults): TracesTarget | null {
  const endpoint = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === null) return null;
  const serviceName = read('OTEL_SERVICE_NAME') ?? variables.OTEL_SERVICE_NAME.default;
  if (/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) return { endpoint, serviceName };
  faults.add(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'is no address',
    'set it to that of a collector, for example http://127.0.0.1:4318; or remove it, and there are no traces',
  );
  return null;
}

function readPort(read: ReadVariable, faults: Faults): number {
  const value = read('PORT') ?? variables.PORT.default;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  faults.add('PORT', `cannot be ${value}`, 'set it to a number from 0 to 65535');
  return 0;
}

function readWebhookUrl(read: ReadVariable, faults: Faults): string | null {
  const value = read('WEBHOOK_PROXY_URL');
  if (value === null) return null;
  if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  const remedy = 'write https://YOUR-HOST/api/github/webhooks, or unset it';
  faults.add('WEBHOOK_PROXY_URL', 'is no address of the web', remedy);
  return null;
}

function readDatabaseUrl(read: ReadVariable, faults: Faults): string {
  const value = read('DATABASE_URL') ?? variables.DATABASE_URL.default;
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(value)?.[1]?.toLowerCase();
  const isServer = scheme === 'postgres' || scheme === 'postgresql';
  if (isServer && !URL.canParse(value)) {
    faults.add('DATABASE_URL', 'is no valid address', 'write postgres://user:password@host:5432/database');
  } else if (scheme !== undefined && !isServer && value !== 'memory:') {
    faults.add(
      'DATABASE_URL',
      `cannot begin with ${scheme}:`,
      'write postgres://…, or the path of a directory',
    );
  }
  return value;
}

function readPolicyFile(
  read: ReadVariable,
  { readFile, readPolicy }: EnvironmentDeps,
  faults: Faults,
): Policy | null {
  const path = read('SITREP_POLICY');
  const text = path === null ? null : readText('SITREP_POLICY', path, readFile, faults);
  if (path === null || text === null) return null;
  const { policy, errors } = readPolicy(text, path);
  for (const { line, column, message, remedy } of errors) {
    faults.add('SITREP_POLICY', `${path}:${line}:${column} ${message}`, remedy);
  }
  return policy;
}
