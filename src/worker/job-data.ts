import type { z } from 'zod';
import { RetryLater } from '../core/retry-later.ts';

/** Soon enough for people who wait, while processes of two versions run side by side; seldom enough for the log. */
const handedBackMs = 15_000;

/**
 * What a job holds. One that this version cannot read was made by a newer one, whose processes share the queue while
 * Sitrep is being upgraded: it goes back for them, and that counts as no try, so that nothing of it is lost.
 */
export function jobDataOf<Data>(schema: z.ZodType<Data>, { data }: { data: unknown }): Data {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw ofNewerVersion('such a job', parsed.error);
}

/** For what this version does not know and a newer one does. */
export function ofNewerVersion(what: string, cause?: unknown): RetryLater {
  return new RetryLater(
    `this version of Sitrep does not know ${what}: it waits for the newer one that made it`,
    handedBackMs,
    { cause },
  );
}
