import { namesCommit } from '../image-commit.ts';
import { compareIds, sortedIds, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change } from '../snapshot.ts';
import type { Case } from './case.ts';
import { repositoryWords, toldOnce } from './change-words.ts';
import type { DatedChange } from './dated-change.ts';
import { code, span } from './wording.ts';

/** A revision that was made so long after a deployment is worth a look; before it only as far as clocks differ, ms. */
const laterMs = 15 * 60_000;
const earlierMs = 60_000;

/** What says most of what was done, first. */
const leading: readonly Change['kind'][] = ['deployment', 'workflow-run', 'pull-request', 'commit'];

/**
 * Commits, merges, deployments and runs as changes: those of one commit are one, led by its first deployment. What was
 * done again later with the same commit stands by itself.
 */
export function datedRepository(found: Case, changes: readonly Change[]): DatedChange[] {
  const alone = changes.filter(({ sha }) => sha === undefined);
  const groups = Map.groupBy(
    changes.filter(({ sha }) => sha !== undefined),
    ({ sha }) => sha,
  );
  return [...alone.map((one) => [one]), ...[...groups.values()].flatMap(ofOneCommit)].map((group) =>
    dated(found, group),
  );
}

/** The first of each kind together, the later ones each alone. */
function ofOneCommit(changes: readonly Change[]): Change[][] {
  const ordered = changes.toSorted((a, b) => time(a.at) - time(b.at) || compareIds(a.id, b.id));
  const firsts = leading.flatMap((kind) => ordered.find((one) => one.kind === kind) ?? []);
  return [firsts, ...ordered.filter((one) => !firsts.includes(one)).map((one) => [one])];
}

function dated(found: Case, group: readonly Change[]): DatedChange {
  const [lead, ...others] = group;
  const at = time(lead?.at ?? '');
  return {
    kind: lead?.kind ?? 'commit',
    component: lead?.component ?? '',
    from: at,
    to: at,
    evidence: lead === undefined ? [] : [lead.id, ...sortedIds(others.map(({ id }) => id))],
    what: [
      ...toldOnce(group).map(repositoryWords),
      ...(lead === undefined ? [] : revisionsNear(found, lead)),
    ].join('; '),
    revisions: [],
    ended: null,
  };
}

/**
 * Revisions that a deployment may have brought: an image that names its commit says so; otherwise only the time between
 * them does, which is said.
 */
function revisionsNear({ index, changes }: Case, lead: Change): string[] {
  if (lead.kind !== 'deployment') return [];
  const images = [...index.byComponent.values()]
    .flat()
    .filter(({ signal: name, value }) => name === signal.image && namesCommit(value, lead.sha));
  if (images.length > 0) {
    const named = images.map(({ component, id }) => `${code(component)} (${id})`);
    return [`its commit is named by the image of ${named.join(', ')}`];
  }
  const began = time(lead.at);
  const [nearest] = changes
    .filter(({ kind, at }) => {
      const after = time(at) - began;
      return kind === 'revision' && after >= -earlierMs && after <= laterMs;
    })
    .toSorted((a, b) => Math.abs(time(a.at) - began) - Math.abs(time(b.at) - began));
  if (nearest?.revision === undefined) return [];
  const within = span(Math.abs(time(nearest.at) - began));
  return [`${code(nearest.component)} got ${code(nearest.revision)} within ${within} (${nearest.id})`];
}
