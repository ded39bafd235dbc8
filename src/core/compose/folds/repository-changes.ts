import { counted } from '../../figures.ts';
import { signal } from '../../signals.ts';
import type { Change } from '../../snapshot.ts';
import { cite, code, join, plain, prose, say, type Text } from '../../text.ts';
import type { Facts } from '../facts.ts';
import { shortRevision } from '../values.ts';

/** Signs of a commit's id that people write. */
const shortSha = 7;
/** A revision that was made so long after a deployment is worth a look; before it only as far as clocks differ. */
const laterMs = 15 * 60_000;
const earlierMs = 60_000;
const minute = 60_000;

/** What changed in the repository; titles and names are foreign. */
export function repositoryChange(facts: Facts, change: Change): Text {
  const by = change.by === undefined ? say`` : say` by ${code(change.by)}`;
  switch (change.kind) {
    case 'pull-request':
      return say`pull request ${code(`#${String(change.number ?? 0)}`)}${ofCommit(change)} merged${by}${titled(change)}`;
    case 'deployment':
      return say`deployment${toEnvironment(change)}${ofCommit(change)}${by}: ${prose(change.state ?? 'state unknown')}${revisionsOf(facts, change)}`;
    case 'workflow-run':
      return say`run ${code(`#${String(change.number ?? 0)}`)}${ofCommit(change)}: ${prose(change.state ?? 'state unknown')}${titled(change)}`;
    case 'commit':
    case 'revision':
    case 'operation':
    case 'drift':
      return say`${plain(change.kind)}${ofCommit(change)}${by}${titled(change)}`;
  }
}

function ofCommit({ sha }: Change): Text {
  return sha === undefined ? say`` : say` ${code(sha.slice(0, shortSha))}`;
}

function titled({ title }: Change): Text {
  return title === undefined ? say`` : say`: “${prose(title)}”`;
}

function toEnvironment({ environment }: Change): Text {
  return environment === undefined ? say`` : say` to ${code(environment)}`;
}

/**
 * Revisions that a deployment may have brought: proven where an image names its commit, otherwise only by the time between
 * them, which is said.
 */
function revisionsOf(facts: Facts, deployment: Change): Text {
  const began = Date.parse(deployment.at);
  const close = facts.snapshot.changes.filter(({ kind, at }) => {
    const after = Date.parse(at) - began;
    return kind === 'revision' && after >= -earlierMs && after <= laterMs;
  });
  const proven = facts.snapshot.observations.filter(
    (found) =>
      found.signal === signal.image && found.revision !== undefined && names(found.value, deployment.sha),
  );
  if (proven.length > 0) {
    const revisions = proven.map(
      ({ component, revision }) => say`${code(component)} ${code(shortRevision(revision ?? ''))}`,
    );
    return say`; named by the image of ${join(revisions)} ${cite(proven.map(({ id }) => id))}`;
  }
  const [nearest] = close.toSorted(
    (a, b) => Math.abs(Date.parse(a.at) - began) - Math.abs(Date.parse(b.at) - began),
  );
  if (nearest?.revision === undefined) return say``;
  const minutes = Math.max(1, Math.ceil(Math.abs(Date.parse(nearest.at) - began) / minute));
  const within = plain(counted(minutes, 'minute', 'minutes'));
  return say`; ${code(nearest.component)} got ${code(shortRevision(nearest.revision))} within ${within} ${cite([nearest.id])}`;
}

/** Whether an image's tag or labels hold a commit's id, whole or shortened. */
function names(image: string, sha: string | undefined): boolean {
  const ids: readonly string[] = image.match(/(?<![\da-f])[\da-f]{7,40}(?![\da-f])/gu) ?? [];
  return sha !== undefined && sha.length === 40 && ids.some((id) => sha.startsWith(id));
}
