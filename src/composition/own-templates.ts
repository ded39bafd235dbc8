import { acceptTemplates, noTemplates, type FoundTemplate } from '../core/own-templates/own-templates.ts';
import type { InstalledRepository } from '../core/installed-repository.ts';
import type { Update } from '../core/update.ts';
import { findTemplates, keepTemplates } from '../store/own-templates.ts';
import type { Store } from '../store/open.ts';
import { renderWith } from '../templates/own/render-with.ts';
import type { TemplateThreads } from '../templates/own/threads.ts';

/** What laying out by a repository's own templates needs. */
interface LayingOut {
  store: Store;
  templates: TemplateThreads;
  log: { warn(fields: object, message: string): void };
}

/** The repository whose templates are used. */
interface Place extends InstalledRepository {
  repository: string;
}

/**
 * The Markdown of an update, by the repository's own template where it brings one that works. The built-in one stands in
 * for one that does not, and both the posting and the log say so.
 */
export async function layOut(
  { store, templates, log }: LayingOut,
  place: Place,
  update: Update,
  limit?: number,
): Promise<string> {
  const own = (await findTemplates(store.db, place)) ?? noTemplates;
  const { text, problem } = await renderWith(templates, own, update, limit);
  if (problem !== null)
    log.warn(
      { repository: place.repository, ...problem },
      'a template of the repository was not used; the built-in one was',
    );
  return text;
}

/** Keeps the templates that were found; says in the log which of them are not accepted, once. */
export async function keepFound(
  { store, log }: LayingOut,
  place: Place,
  found: readonly FoundTemplate[],
): Promise<void> {
  const accepted = acceptTemplates(found);
  const isNew = await keepTemplates(store.db, place, accepted);
  if (isNew && accepted.refused.length > 0)
    log.warn(
      { repository: place.repository, refused: accepted.refused },
      'templates of the repository are not accepted',
    );
}
