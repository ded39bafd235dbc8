import type { GoogleAccess } from './google-access.ts';

/**
 * Access for one collection that asks for the same thing once, however many collectors need it. All its reads end
 * with the same signal, so that no caller cuts off another one's answer. A failure is not kept: who asks again is served.
 */
export function sharedGets(google: GoogleAccess): GoogleAccess {
  const answers = new Map<string, Promise<unknown>>();
  return {
    ...google,
    get: (call) => {
      const key = JSON.stringify([call.host, call.path, call.query ?? {}]);
      const known = answers.get(key);
      if (known) return known;
      const answer = google.get(call).catch((error: unknown) => {
        answers.delete(key);
        throw error;
      });
      answers.set(key, answer);
      return answer;
    },
  };
}
