import { saysRedacted } from '../compose/redacted-mark.ts';
import type { Update } from '../update.ts';

/** Kinds that answer a command or tell of the configuration, and show nothing that was read. */
const readsNothing: ReadonlySet<Update['kind']> = new Set([
  'help',
  'configuration-errors',
  'refusal',
  'notice',
]);

/** Whether an update may show what was read: those that may not need not be looked at. */
export function tellsReadings({ kind }: Pick<Update, 'kind'>): boolean {
  return !readsNothing.has(kind);
}

/** Whether an update may stand where everybody can read it: it shows nothing that was read, or says that it is redacted. */
export function mayBePublic(update: Update): boolean {
  return !tellsReadings(update) || saysRedacted(update.footer);
}
