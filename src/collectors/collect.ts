import { textsWithoutSecrets } from '../core/secrets/in-values.ts';
import { redacted } from './redact.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { atAddress } from '../config/probe-grant.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type {
  GapReason,
  IncidentFacts,
  PreviousUpdate,
  Snapshot,
  Statement,
  Window,
} from '../core/snapshot.ts';
import { isLight } from '../core/light-set.ts';
import { openCloudRunAnswers } from './cloud-run-answers.ts';
import { startDeadline } from './deadline.ts';
import type { GitHubAnswers } from './github-answers.ts';
import type { GoogleAccess } from './google-access.ts';
import { numberEvidence } from './number-evidence.ts';
import { planReads } from './plan-reads.ts';
import type { ProbeEndpoint } from './probe.ts';
import { raced } from './read-failure.ts';
import { settle, watched } from './settle.ts';
import { sharedGets } from './shared-gets.ts';
import { openSlots } from './slots.ts';
import type { ProbeSocket } from './websocket-probe.ts';

export interface CollectRequest extends CollectWatch {
  configuration: Configuration;
  /** Default: the 60 minutes before now, or before where `windowEnd` puts it. Metrics and logs are read up to its end. */
  window?: Window;
  /** Number of the first evidence id; default 1. */
  firstEvidence?: number;
  /** Milliseconds for the whole; default 8,000. */
  budgetMs?: number;
  /** Milliseconds for each read from its start, its token included; default 5,000. */
  collectorMs?: number;
  /** What is known of the repository; without it nothing of GitHub is read, and nothing is said to be missing. */
  github?: GitHubAnswers | null;
  statements?: Statement[];
  history?: Snapshot['history'];
  previous?: PreviousUpdate | null;
  incident?: IncidentFacts | null;
  /** Only the light set is read (core/light-set.ts), for a sample; default false. */
  light?: boolean;
  signal?: AbortSignal;
}

/** Who looks on while it is collected, for a person who waits. */
export interface CollectWatch {
  /** Once, before anything is asked: all reads that are going to be made, in the order of the evidence. */
  onPlan?: (reads: readonly WatchedRead[]) => void;
  /** As each of them ends. */
  onRead?: (read: EndedRead) => void;
  /** Once, at the end. */
  onEnd?: (snapshot: Snapshot) => void;
}

/** A read as those know it who look on. */
export interface WatchedRead {
  collector: string;
  components: readonly string[];
}

/** What became of one. */
export interface EndedRead extends WatchedRead {
  outcome: 'ok' | GapReason;
  /** What it could not tell, also where all else was read. */
  gaps: readonly { component: string; reason: GapReason }[];
}

/** What the operator's policy allows this repository to read. */
export interface Grants {
  project(id: string): boolean;
  /** URLs by their names, and addresses that are listed literally. */
  endpoint(url: URL): boolean;
}

export interface CollectDeps {
  google: GoogleAccess;
  probe: ProbeEndpoint;
  probeSocket: ProbeSocket;
  /** Milliseconds between two requests to the same endpoint. Default 50. */
  spacingMs?: number;
  grants: Grants;
  now(): Date;
  /**
   * Where the window of a collection of a project ends that starts now: two that start soon after each other ask the
   * same. Default: now.
   */
  windowEnd?: (project: string, now: Date) => Promise<Date>;
  /** From 0 to 1, by chance: spreads tries of several collections. Default: always the middle. */
  random?: () => number;
  /** Takes secrets out of a text; all foreign text passes it. */
  redact(text: string): Promise<string> | string;
}

const hour = 3_600_000;

/** Reads of one API that are under way at once: so many connections to one host are opened at most. */
const atOncePerApi = 64;

/** The lists of Cloud Run have the most pages of which each needs the one before. */
const longestChains = 'run.googleapis.com';

/** What is shared has so long to say where the window ends. Milliseconds. */
const windowEndMs = 500;

/**
 * Reads everything that the configuration names, as much at once as is decent, within the budget. Never rejects: what
 * could not be read is a gap in the snapshot. The same answers give the same evidence ids, whatever order they came in.
 */
export async function collect(request: CollectRequest, deps: CollectDeps): Promise<Snapshot> {
  const { budgetMs = 8_000, collectorMs = 5_000 } = request;
  const window = request.window ?? hourBefore(await windowEndOf(request.configuration, deps));
  const deadline = startDeadline(budgetMs, collectorMs, request.signal);
  const redact = onceEach(async (text) => deps.redact(text));
  try {
    const all = planReads(request.configuration, deps.grants, {
      google: sharedGets(deps.google),
      projectGranted: (id) => deps.grants.project(id),
      cloudRun: openCloudRunAnswers(deps.google.cloudRun, request.configuration, deadline.signal),
      probe: deps.probe,
      probeSocket: deps.probeSocket,
      ...(deps.spacingMs === undefined ? {} : { spacingMs: deps.spacingMs }),
      readMs: Math.min(budgetMs, collectorMs),
      github: request.github ?? null,
      addressGranted: (address, asked) => {
        const url = atAddress(asked, address);
        return url !== null && deps.grants.endpoint(url);
      },
      now: new Date(window.to),
      window,
      before: windowBefore(window),
      redact,
    });
    const planned = request.light === true ? all.filter(({ read }) => isLight(read)) : all;
    request.onPlan?.(planned.map(watched));
    const options = {
      deadline,
      slots: openSlots(atOncePerApi),
      now: () => deps.now(),
      random: deps.random ?? (() => 0.5),
      redact,
      onRead: request.onRead,
    };
    const settled = await Promise.all(
      planned.map(async (read) => {
        if (read.remedyFacts.api !== longestChains) await afterOthers();
        return settle(read, options);
      }),
    );
    const snapshot: Snapshot = {
      version: 1,
      takenAt: deps.now().toISOString(),
      environment: request.configuration.environment,
      window,
      budgetMs,
      // Flags, labels, conditions and queries too, which no collector looks at one by one.
      ...textsWithoutSecrets(
        numberEvidence(settled, Object.keys(request.configuration.components), request.firstEvidence ?? 1),
        () => redacted,
      ),
      statements: request.statements ?? [],
      history: request.history ?? [],
      previous: request.previous ?? null,
      ...(request.incident === undefined ? {} : { incident: request.incident }),
    };
    request.onEnd?.(snapshot);
    return snapshot;
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

/**
 * Lets those go first that have the longest way: their requests are on the wire before the rest is asked, so that their
 * answers come before the crowd of the others', which takes a while to parse. Their client needs a few turns to send.
 */
async function afterOthers(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
}

/** Now, or the end of a collection of the same project just before. What is shared may be away: then it is now. */
async function windowEndOf({ google_cloud: place }: Configuration, deps: CollectDeps): Promise<Date> {
  const at = deps.now();
  if (deps.windowEnd === undefined || place === undefined || !deps.grants.project(place.project)) return at;
  return raced(deps.windowEnd(place.project, at), AbortSignal.timeout(windowEndMs)).catch(() => at);
}

function hourBefore(end: Date): Window {
  return { from: new Date(end.getTime() - hour).toISOString(), to: end.toISOString() };
}
