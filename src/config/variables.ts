/** Who reads a variable. */
type Reader = 'server' | 'command line';

/** One environment variable, as the reference page shows it. */
export interface Variable {
  readers: readonly Reader[];
  /** When it has to be set; null where it never has to. */
  required: string | null;
  /** What holds where it is not set; null where nothing does. */
  default: string | null;
  meaning: string;
}

const both = ['server', 'command line'] as const;
const server = ['server'] as const;

/** All environment variables of Sitrep. The names of GitHub's are those of Probot. */
export const variables = {
  APP_ID: { readers: server, required: 'yes', default: null, meaning: 'id of the GitHub App' },
  PRIVATE_KEY: {
    readers: server,
    required: 'or PRIVATE_KEY_PATH',
    default: null,
    meaning: "the App's private key: PEM (PKCS#1 or PKCS#8), also with \\n written out, or base64 of it",
  },
  PRIVATE_KEY_PATH: {
    readers: server,
    required: 'or PRIVATE_KEY',
    default: null,
    meaning: 'path of a file with the private key; PRIVATE_KEY wins where both are set',
  },
  WEBHOOK_SECRET: {
    readers: server,
    required: 'yes',
    default: null,
    meaning: "secret of the App's webhook; empty or `development` is refused",
  },
  WEBHOOK_SECRET_PREVIOUS: {
    readers: server,
    required: null,
    default: null,
    meaning: 'the secret before, accepted as well while the secret is being changed',
  },
  WEBHOOK_PROXY_URL: {
    readers: server,
    required: null,
    default: null,
    meaning:
      'address that webhooks reach this server at, for example `https://sitrep.example.com/api/github/webhooks`; used once, when `sitrep start` makes the App',
  },
  GH_ORG: {
    readers: server,
    required: null,
    default: null,
    meaning:
      'organisation that owns the App which `sitrep start` makes; your own account where it is missing',
  },
  NODE_ENV: {
    readers: server,
    required: null,
    default: null,
    meaning: '`production`: without credentials it is an error to start, and no GitHub App is made',
  },
  HOST: {
    readers: server,
    required: null,
    default: 'localhost',
    meaning: 'address to listen on; in a container 0.0.0.0',
  },
  PORT: {
    readers: server,
    required: null,
    default: '3000',
    meaning: 'port to listen on; 0 for any that is free',
  },
  LOG_LEVEL: {
    readers: both,
    required: null,
    default: 'info',
    meaning: 'trace, debug, info, warn, error, fatal or silent',
  },
  GHE_HOST: {
    readers: both,
    required: null,
    default: null,
    meaning: 'host of GitHub Enterprise Server, without scheme; github.com where it is not set',
  },
  GHE_PROTOCOL: { readers: both, required: null, default: 'https', meaning: 'https or http, for GHE_HOST' },
  DATABASE_URL: {
    readers: both,
    required: null,
    default: './data',
    meaning: 'postgres://… for a PostgreSQL server, or a directory for the embedded database',
  },
  SITREP_POLICY: {
    readers: server,
    required: null,
    default: null,
    meaning: "path of the operator's policy; without it nothing outside GitHub is read",
  },
  SITREP_NOTIFY_MAP: {
    readers: server,
    required: null,
    default: null,
    meaning: 'JSON, origin → loopback origin that gets the notifications in its place; for tests',
  },
  SITREP_METRICS_TOKEN: {
    readers: server,
    required: null,
    default: null,
    meaning:
      'token with which `/metrics` is read, 16 characters or more; without it there are no metrics ([operations](operations.md#metrics))',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    readers: server,
    required: null,
    default: null,
    meaning:
      'address of a collector that takes OTLP over HTTP, without `/v1/traces`; without it there are no traces ([operations](operations.md#traces))',
  },
  OTEL_SERVICE_NAME: {
    readers: server,
    required: null,
    default: 'sitrep',
    meaning: 'what traces call the process',
  },
  GITHUB_TOKEN: {
    readers: ['command line'],
    required: 'for `sitrep status`',
    default: null,
    meaning: 'token that reads the issue, and posts where that is asked for',
  },
  GOOGLE_CLOUD_PROJECT: {
    readers: ['command line'],
    required: null,
    default: null,
    meaning: 'project that `sitrep init` reads where --project names none',
  },
  SITREP_GCP_ENDPOINT: {
    readers: both,
    required: null,
    default: null,
    meaning:
      '`http://127.0.0.1:PORT` of a stand-in to which every call of a Google API goes; for sandbox and tests',
  },
  SITREP_PROBE_MAP: {
    readers: both,
    required: null,
    default: null,
    meaning: 'JSON object, origin → loopback origin to ask in its place; for sandbox and tests',
  },
  NO_COLOR: {
    readers: ['command line'],
    required: null,
    default: null,
    meaning: 'any value: no colour in the terminal',
  },
  FORCE_COLOR: {
    readers: ['command line'],
    required: null,
    default: null,
    meaning: 'any value: colour also where nothing is a terminal, and against NO_COLOR; 0 or false: none',
  },
  TERM: {
    readers: ['command line'],
    required: null,
    default: null,
    meaning: '`dumb`: progress in plain lines, without colour',
  },
  CI: {
    readers: ['command line'],
    required: null,
    default: null,
    meaning: 'any value: progress in plain lines, without colour',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
