import type { Configuration } from '../../config/repository.schema.ts';
import { readCriteria } from '../criteria.ts';
import { compareText } from '../observations.ts';
import { severityOf } from '../severity.ts';
import type { Severity, Snapshot } from '../snapshot.ts';
import type { EarlierIncident } from './earlier-incident.ts';
import { matchEarlier, type Matches } from './match.ts';
import type { PresentIncident } from './present-incident.ts';
import { issueReader, type IssueToRead } from './read-issue.ts';

/** A change of the repository, as GitHub lists it. */
export interface ReplayedChange {
  kind: 'commit' | 'deployment';
  /** UTC. */
  at: string;
  /** Headline of the commit, environment of the deployment; redacted. */
  what: string;
  by: string | null;
}

/** What Sitrep would have known and said of a closed incident when it was opened, without reading any infrastructure. */
export interface ReplayedIncident {
  issue: number;
  title: string;
  url: string;
  openedAt: string;
  closedAt: string | null;
  severity: Severity | null;
  /** Components that the issue named within its first hour. */
  components: readonly string[];
  /** Error lines that it quoted within its first hour. */
  errorLines: readonly string[];
  /** What changed in the 24 hours before, the newest first. */
  changes: readonly ReplayedChange[];
  /** Whether all deployments of these hours could be read. */
  deploymentsKnown: boolean;
  /** Labels of `labels.apply` whose condition holds by that alone. */
  labels: readonly string[];
  matches: Matches;
}

const hourMs = 3_600_000;
/** What people write so soon is what there was to match by. */
const firstMs = hourMs;
const changesMs = 24 * hourMs;

/** What is known of the repository's changes. */
export interface ReplayedChanges {
  changes: readonly ReplayedChange[];
  /** From when on all deployments are among them; null where none is missing. */
  deploymentsSince: string | null;
}

/** Plays closed incidents in the order of their opening: each is compared with those that were closed before it. */
export function replayIncidents(
  configuration: Configuration,
  issues: readonly IssueToRead[],
  changes: ReplayedChanges,
): ReplayedIncident[] {
  const read = issueReader(configuration);
  const earlier = issues.map(read);
  return issues
    .toSorted((a, b) => compareText(a.openedAt, b.openedAt) || a.issue - b.issue)
    .map((issue) => replayed(configuration, issue, { atFirst: read(firstOf(issue)), earlier, ...changes }));
}

function firstOf({ comments, ...issue }: IssueToRead): IssueToRead {
  const until = Date.parse(issue.openedAt) + firstMs;
  return { ...issue, comments: comments.filter(({ at }) => Date.parse(at) <= until) };
}

function replayed(
  configuration: Configuration,
  { issue, title, url, openedAt, closedAt, labels, body }: IssueToRead,
  known: ReplayedChanges & { atFirst: EarlierIncident; earlier: readonly EarlierIncident[] },
): ReplayedIncident {
  const { atFirst, earlier, changes, deploymentsSince } = known;
  const matches = matchEarlier(asPresent(atFirst, `${title}\n${body}`), earlier.filter(isClosed(openedAt)));
  const severity = severityOf(labels, configuration);
  const opened = { title, url, openedAt, issue, severity, regressionOf: matches.regression?.issue ?? 0 };
  return {
    issue,
    title,
    url,
    openedAt,
    closedAt,
    severity,
    components: atFirst.components,
    errorLines: atFirst.signatures.map(({ line }) => line),
    changes: changes.filter(isBefore(openedAt)).toSorted((a, b) => compareText(b.at, a.at)),
    deploymentsKnown:
      deploymentsSince === null || Date.parse(deploymentsSince) <= Date.parse(openedAt) - changesMs,
    labels: labelsOf(configuration, opened),
    matches,
  };
}

function isClosed(before: string): (incident: EarlierIncident) => boolean {
  return ({ closedAt }) => closedAt !== null && Date.parse(closedAt) <= Date.parse(before);
}

function isBefore(openedAt: string): (change: ReplayedChange) => boolean {
  const until = Date.parse(openedAt);
  return ({ at }) => Date.parse(at) <= until && Date.parse(at) > until - changesMs;
}

/** What the issue says, in the place of what would have been measured: its components for the chain, its lines for the log. */
function asPresent(
  { issue, openedAt, signatures, components }: EarlierIncident,
  text: string,
): PresentIncident {
  return {
    at: openedAt,
    issue,
    signatures: signatures.map(({ id, line }) => ({
      id,
      line,
      frame: null,
      components,
      count: 1,
      evidence: [],
    })),
    chain: components,
    causes: [],
    text,
  };
}

interface Opened {
  issue: number;
  title: string;
  url: string;
  openedAt: string;
  severity: Severity | null;
  regressionOf: number;
}

/** The rules that hold where nothing was measured: what they ask of readings is unknown. */
function labelsOf(configuration: Configuration, { openedAt, ...opened }: Opened): string[] {
  const snapshot: Snapshot = {
    version: 1,
    takenAt: openedAt,
    window: { from: new Date(Date.parse(openedAt) - hourMs).toISOString(), to: openedAt },
    budgetMs: 1,
    observations: [],
    gaps: [],
    statements: [],
    changes: [],
    history: [],
    previous: null,
    incident: {
      ...opened,
      repository: '',
      public: false,
      stage: 'investigating',
      declaredAt: openedAt,
      lead: null,
    },
  };
  const { labels } = readCriteria({ configuration, snapshot, diagnosis: null });
  return [...new Set(labels.filter(({ result }) => result === 'met').map(({ label }) => label))];
}
