import type { Configuration } from '../config/repository.schema.ts';
import type {
  GapReason,
  IncidentFacts,
  PreviousUpdate,
  Snapshot,
  Statement,
  Window,
} from '../core/snapshot.ts';
import { openCloudRunAnswers } from './cloud-run-answers.ts';
import { startDeadline } from './deadline.ts';
import type { GitHubAnswers } from './github-answers.ts';
import type { GoogleAccess } from './google-access.ts';
import { numberEvidence } from './number-evidence.ts';
import { planReads } from './plan-reads.ts';
import type { ProbeEndpoint } from './probe.ts';
import { settle } from './settle.ts';

export interface CollectRequest {
  configuration: Configuration;
  /** Default: the 60 minutes before now. Metrics and logs are read up to its end. */
  window?: Window;
  /** Number of the first evidence id; default 1. */
  firstEvidence?: number;
  /** Milliseconds for the whole; default 8,000. */
  budgetMs?: number;
  /** Milliseconds for each read, its token included; default 5,000. */
  collectorMs?: number;
  /** What is known of the repository; without it nothing of GitHub is read, and nothing is said to be missing. */
  github?: GitHubAnswers | null;
  statements?: Statement[];
  history?: Snapshot['history'];
  previous?: PreviousUpdate | null;
  incident?: IncidentFacts | null;
  onRead?: (read: {
    collector: string;
    /** null where the read covers several components. */
    component: string | null;
    ms: number;
    outcome: 'ok' | GapReason;
  }) => void;
  signal?: AbortSignal;
}

/** What the operator's policy allows this repository to read. */
export interface Grants {
  project(id: string): boolean;
  /** Host names, and addresses that are listed literally. */
  host(hostname: string): boolean;
}

export interface CollectDeps {
  google: GoogleAccess;
  probe: ProbeEndpoint;
  grants: Grants;
  now(): Date;
  /** Takes secrets out of a text; all foreign text passes it. */
  redact(text: string): Promise<string> | string;
}

const hour = 3_600_000;

/**
 * Reads everything that the configuration names, all at once, within the budget. Never rejects: what could not
 * be read is a gap in the snapshot. The same answers give the same evidence ids, whatever order they came in.
 */
export async function collect(request: CollectRequest, deps: CollectDeps): Promise<Snapshot> {
  const { budgetMs = 8_000, collectorMs = 5_000 } = request;
  const window = request.window ?? hourBefore(deps.now());
  const deadline = startDeadline(budgetMs, collectorMs, request.signal);
  const redact = onceEach(async (text) => deps.redact(text));
  try {
    const planned = planReads(request.configuration, deps.grants, {
      google: deps.google,
      cloudRun: openCloudRunAnswers(deps.google.cloudRun, request.configuration, deadline.signal),
      probe: deps.probe,
      github: request.github ?? null,
      addressGranted: (address) => deps.grants.host(address),
      now: new Date(window.to),
      window,
      before: windowBefore(window),
      redact,
    });
    const settled = await Promise.all(
      planned.map((read) =>
        settle(read, { signal: deadline.signal, now: () => deps.now(), redact, onRead: request.onRead }),
      ),
    );
    return {
      version: 1,
      takenAt: deps.now().toISOString(),
      environment: request.configuration.environment,
      window,
      budgetMs,
      ...numberEvidence(settled, Object.keys(request.configuration.components), request.firstEvidence ?? 1),
      statements: request.statements ?? [],
      history: request.history ?? [],
      previous: request.previous ?? null,
      ...(request.incident === undefined ? {} : { incident: request.incident }),
    };
  } finally {
    deadline.close();
  }
}

/** The same text is redacted once a collection: most settings are those of the revision before. */
function onceEach(redact: (text: string) => Promise<string>): (text: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (text) => {
    const done = known.get(text) ?? redact(text);
    known.set(text, done);
    return done;
  };
}

/** The window of the same length before this one. */
function windowBefore({ from, to }: Window): Window {
  const length = Date.parse(to) - Date.parse(from);
  return { from: new Date(Date.parse(from) - length).toISOString(), to: from };
}

function hourBefore(end: Date): Window {
  return { from: new Date(end.getTime() - hour).toISOString(), to: end.toISOString() };
}
