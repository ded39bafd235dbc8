import type { Configuration } from '../config/repository.schema.ts';
import { composeUnable } from '../core/compose/command-replies.ts';
import { composeDiff } from '../core/compose/diff.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { code, join, say } from '../core/text.ts';
import type { RefusalUpdate } from '../core/update.ts';
import { part } from './part.ts';

/** Services that are listed where none of them was named. */
const listed = 20;

/** `/sitrep diff`: what the serving revision has otherwise than those before it. */
export const diff = part({
  name: 'diff',
  usage: '/sitrep diff [SERVICE]',
  role: 'triage',
  postsOnly: true,
  summary:
    'Reads the infrastructure and posts what serves now otherwise than the last healthy revision, and than the one before.',
  examples: ['/sitrep diff', '/sitrep diff backend'],
  accepts: (words) => words.length <= 1,
  fault: ([word], configuration, version) =>
    word === undefined || serviceNamed(word, configuration) !== null
      ? null
      : noSuchService(word, configuration, version),
  compose: (input, [word]) =>
    composeDiff(input, word === undefined ? null : serviceNamed(word, input.configuration)),
});

/** The Cloud Run component of that id, or whose service has that name; null where there is none. */
function serviceNamed(word: string, { components }: Configuration): string | null {
  const name = word.toLowerCase();
  const found = Object.entries(components).find(
    ([id, component]) => component.type === 'cloud-run' && (id === name || component.service === name),
  );
  return found?.[0] ?? null;
}

function noSuchService(word: string, { components }: Configuration, version: string): RefusalUpdate {
  const ids = Object.entries(components).flatMap(([id, { type }]) => (type === 'cloud-run' ? [id] : []));
  const meant = didYouMean(word, ids);
  const question = meant === null ? say`` : say`Did you mean ${code(`/sitrep diff ${meant}`)}? `;
  const known =
    ids.length === 0
      ? say`The configuration has no Cloud Run service.`
      : say`There is ${join(ids.slice(0, listed).map((id) => code(id)))}.`;
  return composeUnable(say`😕 There is no service ${code(word)}`, [say`${question}${known}`], version);
}
