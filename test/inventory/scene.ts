import { storyOf, type Story } from '../../scripts/gallery/story.ts';
import { updatesOf, type ShownKind } from '../../scripts/gallery/updates.ts';
import type { Looked } from '../../src/commands/look.ts';
import { number } from '../../src/core/figures.ts';
import { repositoryId } from '../../src/core/repository-id.ts';

/** All kinds of update of one outage, and what was read for them: patterns are made of the readings, not of the texts. */
export interface Scene {
  /** Markdown of each kind; several where a kind is shown more than once. */
  texts: ReadonlyMap<ShownKind, readonly string[]>;
  /** `2025-09-15 18:05:00`: when the kind's look was taken. */
  timeOf: (kind: ShownKind) => string;
  /** The default branch. */
  branch: string;
  /** Issues and pull requests that refer to the incident's. */
  references: readonly string[];
  /** The sum of the error entries of all services, as it is written. */
  errorEntries: (kind: ShownKind) => string;
  /** A figure of the window of the kind's look, as it is written. */
  figure: (kind: ShownKind, component: string, signal: string) => string;
}

/** Renders all kinds of a scenario's story. */
export async function sceneOf(name: string): Promise<Scene> {
  const story = await storyOf(name);
  const shown = updatesOf(story);
  const texts = new Map(
    [...Map.groupBy(shown, ({ kind }) => kind)].map(([kind, own]) => [
      kind,
      own.map(({ markdown }) => markdown),
    ]),
  );
  const readings = (kind: ShownKind, signal: string) => {
    const { snapshot } = lookOf(story, kind);
    return snapshot.observations.filter(
      (found) =>
        found.signal === signal &&
        found.window !== null &&
        Date.parse(found.window.to) > Date.parse(snapshot.window.from),
    );
  };
  const { status, world } = story;
  return {
    texts,
    timeOf: (kind) => lookOf(story, kind).snapshot.takenAt.slice(0, 19).replace('T', ' '),
    branch: world.scenario.repository.default_branch,
    references: status.snapshot.observations
      .filter(({ component, signal }) => component === repositoryId && signal === 'reference')
      .map(({ value }) => value.replace('#', '')),
    errorEntries: (kind) =>
      number(readings(kind, 'log.errors').reduce((sum, { value }) => sum + Number(value), 0)),
    figure: (kind, component, signal) =>
      number(Number(readings(kind, signal).find((found) => found.component === component)?.value)),
  };
}

function lookOf(story: Story, kind: ShownKind): Looked {
  if (kind === 'declare') return story.declared;
  return ['checkpoint', 'checkpoint-unchanged', 'resolution-granted'].includes(kind)
    ? story.checkpoint
    : story.status;
}
