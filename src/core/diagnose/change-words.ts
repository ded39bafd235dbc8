import { differing, isSecretSetting } from '../secret-names.ts';
import { signal } from '../signals.ts';
import type { Change } from '../snapshot.ts';
import { code } from './wording.ts';

/** Settings shown of one change; what is beyond is counted. */
const shownDifferences = 4;

/** Signs of a commit's id that people write. */
const shortSha = 7;

/** `revision `x` changed `env.A` from `75` to `15``. */
export function revisionWords(change: Change): string {
  const name = `revision ${code(change.revision ?? 'of an unknown name')}`;
  if (change.diff.length > 0) return `${name} changed ${differences(change)}`;
  if (change.previousRevision === undefined) return `${name}; what it changed was not read`;
  return `${name} has no other setting than ${code(change.previousRevision)}`;
}

/** `against `y`, healthy last: `env.A` from `75` to `15``. */
export function driftWords(change: Change): string {
  const against = `against ${code(change.previousRevision ?? 'an unknown revision')}, healthy last`;
  return `${against}: ${change.diff.length > 0 ? differences(change) : 'no difference'}`;
}

/** `operation `MAINTENANCE DONE``. */
export function operationWords({ diff }: Change): string {
  const to = diff.find(({ key }) => key === signal.operation)?.to;
  return to === undefined || to === null ? 'an operation' : `operation ${code(to)}`;
}

/** What changed in the repository; titles and names are foreign. */
export function repositoryWords(change: Change): string {
  const commit = change.sha === undefined ? '' : ` ${code(change.sha.slice(0, shortSha))}`;
  const by = change.by === undefined ? '' : ` by ${code(change.by)}`;
  const title = change.title === undefined ? '' : `: ${code(change.title)}`;
  const state = code(change.state ?? 'state unknown');
  switch (change.kind) {
    case 'pull-request':
      return `pull request ${code(`#${String(change.number ?? 0)}`)}${commit} merged${by}${title}`;
    case 'deployment': {
      const place = change.environment === undefined ? '' : ` to ${code(change.environment)}`;
      return `deployment${place}${commit}${by}: ${state}`;
    }
    case 'workflow-run':
      return `run ${code(`#${String(change.number ?? 0)}`)}${commit}: ${state}${title}`;
    case 'commit':
    case 'revision':
    case 'operation':
    case 'drift':
      return `${change.kind}${commit}${by}${title}`;
  }
}

/** Without the commit that merged a pull request: it is told with it. */
export function toldOnce(changes: readonly Change[]): Change[] {
  const merges = new Set(changes.flatMap(({ kind, sha }) => (kind === 'pull-request' ? (sha ?? []) : [])));
  return changes.filter(({ kind, sha }) => kind !== 'commit' || !merges.has(sha ?? ''));
}

/** `from `75` to `15``, values with the name or the look of a secret hidden. */
export function fromTo(key: string, from: string | null, to: string | null): string {
  return `from ${valueOf(key, from)} to ${valueOf(key, to)}`;
}

function differences({ diff }: Change): string {
  const ordered = diff.toSorted((a, b) => Number(a.key === signal.image) - Number(b.key === signal.image));
  const shown = ordered
    .slice(0, shownDifferences)
    .map(({ key, from, to }) => `${code(key)} ${fromTo(key, from, to)}`);
  const more = diff.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function valueOf(key: string, value: string | null): string {
  if (value === null) return 'not set';
  if (key === signal.image) return code(value.split('/').at(-1) ?? value);
  const isHidden = key.startsWith(signal.env) && isSecretSetting(key.slice(signal.env.length), value);
  if (!isHidden) return code(value);
  return value.endsWith(differing) ? '(hidden, another value)' : '(hidden)';
}
