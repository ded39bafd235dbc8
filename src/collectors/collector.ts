import type { Component, ComponentType } from '../config/repository.schema.ts';
import type { Change, Gap, Observation, Source, Window } from '../core/snapshot.ts';
import type { CloudRunAnswers } from './cloud-run-answers.ts';
import type { GitHubAnswers } from './github-answers.ts';
import type { GoogleAccess } from './google-access.ts';
import type { ProbeEndpoint } from './probe.ts';
import type { ProbeSocket } from './websocket-probe.ts';

/**
 * What a collector is: one source, read for all components of its types at once. `collect.ts` runs the reads of
 * all collectors in parallel, turns what fails into gaps, and numbers what came back.
 */
export type Collector = GoogleCollector | ProbeCollector | GitHubCollector;

interface CollectorFacts {
  /** The file's name without its ending. */
  name: string;
  /** The component types that it reads. */
  types: readonly ComponentType[];
  /** The signals that it gives, for the reference. */
  signals: readonly SignalReference[];
}

/** Reads one API of Google Cloud. */
export interface GoogleCollector extends CollectorFacts {
  kind: 'google';
  /** Host of the API. */
  api: string;
  /** The role that the identity needs on the project. */
  role: string;
  /** What the role is granted on; the project where it is missing. */
  roleOn?: 'bucket';
  /** Host that is read where the API fails, without a token. What it gives names that host as its source. */
  fallback?: string;
  /** Hosts of the APIs whose answers it also looks at: what it gives changes where they fail. */
  comparesWith?: readonly string[];
  /** The requests to make. Makes none itself, and never throws. */
  reads(context: GoogleContext): Read[];
}

/** Asks an endpoint itself. */
export interface ProbeCollector extends CollectorFacts {
  kind: 'probe';
  api: 'probe';
  role: null;
  reads(context: ProbeContext): Read[];
}

/** Reads the repository that Sitrep works for, which needs no grant: Sitrep is installed there. */
export interface GitHubCollector extends CollectorFacts {
  kind: 'github';
  api: 'api.github.com';
  /** The permissions that the App needs, as GitHub names them. */
  role: string;
  /** What it reads belongs to the repository and not to a configured component. */
  types: readonly [];
  reads(context: GitHubContext): Read[];
}

/** One line of the evidence reference. */
interface SignalReference {
  signal: string;
  unit: string | null;
  /** A value as it may be read. */
  example: string;
  meaning: string;
}

interface CollectContext {
  /** The components of the collector's types, in the configuration's order. */
  components: readonly NamedComponent[];
  /** All components of the configuration, in its order. */
  configured: readonly NamedComponent[];
  now: Date;
  /** The 60 minutes before `now`. */
  window: Window;
  /** The 60 minutes before `window`. */
  before: Window;
  redact: (text: string) => Promise<string>;
}

export interface GoogleContext extends CollectContext {
  project: string;
  region: string;
  google: GoogleAccess;
  /** Whether this repository may read a project; what an answer names may be of another one. */
  projectGranted: (id: string) => boolean;
  /** The lists of services and revisions, asked for once however many collectors use them. */
  cloudRun: CloudRunAnswers;
}

export interface ProbeContext extends CollectContext {
  probe: ProbeEndpoint;
  probeSocket: ProbeSocket;
  /** Milliseconds until a read is given up, with all that it has by then. */
  readMs: number;
  /** Milliseconds between two requests to the same endpoint; what `takeSamples` has for it where it is missing. */
  spacingMs?: number;
  /** Whether a private address, which the host name of a URL leads to, is granted itself. */
  addressGranted: (address: string, asked: URL) => boolean;
}

export interface GitHubContext extends Omit<CollectContext, 'components' | 'configured'> {
  github: GitHubAnswers;
  /** Deployments to other environments are left out; null for none. */
  environment: string | null;
  /** Names or files of the workflows that deploy; null where the word "deploy" tells. */
  deployWorkflows: readonly string[] | null;
}

export interface NamedComponent<C extends Component = Component> {
  id: string;
  component: C;
}

/** One request, or a few that belong together. If it fails, each of its components gets a gap. */
export interface Read {
  components: readonly string[];
  /** Its chief signal, named in the gap; `*` where it gives all signals of its collector. */
  signal: string;
  source: Source;
  /** True where it uses only what other reads ask for: if it fails, their gaps say why, and it gives none. */
  derived?: true;
  /** URL that the policy must grant; where it is missing, the project must be granted. */
  endpoint?: URL;
  /** Cloud Storage bucket whose policy has to let Sitrep read. */
  bucket?: string;
  /** Rejects with a `ReadFailure`, at the latest when the signal aborts. */
  run(signal: AbortSignal): Promise<Reading>;
}

/** What a read gave, without ids and times of reading, which `collect` adds. */
export interface Reading {
  observations: Measured[];
  gaps?: Missed[];
  changes?: Changed[];
}

export type Measured = Omit<Observation, 'id' | 'at'>;
/** A gap beside what was read; `collect` adds the remedy that its reason has, where it brings none. */
export type Missed = Omit<Gap, 'id' | 'at' | 'remedy'> & { remedy?: string };
export type Changed = Omit<Change, 'id'>;

/** The components of one type, in the configuration's order. */
export function ofType<T extends ComponentType>(
  components: readonly NamedComponent[],
  type: T,
): NamedComponent<Extract<Component, { type: T }>>[] {
  return components.flatMap(({ id, component }) => (isOfType(component, type) ? [{ id, component }] : []));
}

function isOfType<T extends ComponentType>(
  component: Component,
  type: T,
): component is Extract<Component, { type: T }> {
  return component.type === type;
}

/** Several readings as one, in their order. */
export function mergedReadings(readings: readonly Reading[]): Reading {
  return {
    observations: readings.flatMap(({ observations }) => observations),
    gaps: readings.flatMap(({ gaps }) => gaps ?? []),
    changes: readings.flatMap(({ changes }) => changes ?? []),
  };
}
