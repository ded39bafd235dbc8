import { dateTime } from '../core/figures.ts';
import type { Match } from '../core/regression/match.ts';
import type { ReplayedChange, ReplayedIncident } from '../core/regression/replay.ts';

/** Commits that GitHub gives at once: of more, the newest are known. */
const mostCommits = 100;

/** Characters that a foreign text gets in a line. */
const room = 100;

/** The incidents for a terminal, each in a few lines, and how many were matched. */
export function replayTold(incidents: readonly ReplayedIncident[]): string {
  return `${[...incidents.map(incidentTold), summaryTold(incidents)].join('\n\n')}\n`;
}

function incidentTold(incident: ReplayedIncident): string {
  const { issue, title, openedAt, severity, labels } = incident;
  const lines = [
    `#${String(issue)} ${dateTime(openedAt)} ${severity ?? 'no severity'}: ${plain(title)}`,
    `  says:    ${saidOf(incident)}`,
    `  matches: ${matchesTold(incident)}`,
    ...(labels.length === 0 ? [] : [`  labels:  ${labels.map(plain).join(', ')}`]),
  ];
  return lines.join('\n');
}

/** What the declaration would have said without reading any infrastructure, in one line. */
export function saidOf(incident: ReplayedIncident): string {
  const { severity, components, errorLines, matches } = incident;
  const parts = [
    `${severity ?? 'incident'} declared`,
    ...(matches.regression === null ? [] : [`regression of #${String(matches.regression.issue)}`]),
    components.length === 0 ? 'names no component' : `names ${components.join(', ')}`,
    counted(errorLines.length, 'error line'),
    changesTold(incident),
  ];
  return parts.join('; ');
}

function changesTold({ changes, deploymentsKnown }: ReplayedIncident): string {
  const [last] = changes;
  const of = (kind: ReplayedChange['kind']) => changes.filter((change) => change.kind === kind).length;
  const commits = `${of('commit') >= mostCommits ? 'at least ' : ''}${counted(of('commit'), 'commit')}`;
  const deployments = deploymentsKnown ? counted(of('deployment'), 'deployment') : 'unknown deployments';
  const counts = `${commits} and ${deployments} in the 24 h before`;
  if (last === undefined) return counts;
  const by = last.by === null ? '' : ` by ${plain(last.by)}`;
  return `${counts}, the last ${dateTime(last.at)}: ${last.kind} "${plain(last.what)}"${by}`;
}

function matchesTold({ matches: { regression, similar } }: ReplayedIncident): string {
  const parts = [
    ...(regression === null ? [] : [`regression of ${matchTold(regression)}`]),
    ...(similar.length === 0 ? [] : [`similar to ${similar.map(matchTold).join('; ')}`]),
  ];
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function matchTold({ issue, score, lines, shared, otherCause }: Match): string {
  const [first] = lines;
  const line = first === undefined ? [] : [`"${plain(first.line)}"`];
  const aside = otherCause === null ? [] : [`was ${otherCause}`];
  const details = [score.toFixed(2), ...line, ...(shared.length === 0 ? [] : [shared.join(', ')]), ...aside];
  return `#${String(issue)} (${details.join('; ')})`;
}

function summaryTold(incidents: readonly ReplayedIncident[]): string {
  const regressions = incidents.filter(({ matches }) => matches.regression !== null).length;
  const similar = incidents.filter(
    ({ matches }) => matches.regression === null && matches.similar.length > 0,
  ).length;
  const none = incidents.length - regressions - similar;
  return `${counted(incidents.length, 'incident')}: ${counted(regressions, 'regression')}, ${String(similar)} with something similar, ${String(none)} with nothing alike`;
}

function counted(count: number, one: string): string {
  return `${String(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** Foreign text gets one line of the terminal, without control characters. */
function plain(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= room ? line : `${line.slice(0, room)}…`;
}
