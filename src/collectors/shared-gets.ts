import type { GoogleAccess } from './google-access.ts';

/**
 * Access for one collection that asks for the same thing once, however many collectors need it. All its reads end
 * with the same signal, so that no caller cuts off another one's answer.
 */
export function sharedGets(google: GoogleAccess): GoogleAccess {
  const answers = new Map<string, Promise<unknown>>();
  return {
    ...google,
    get: (call) => {
      const key = JSON.stringify([call.host, call.path, call.query ?? {}]);
      const answer = answers.get(key) ?? google.get(call);
      answers.set(key, answer);
      return answer;
    },
  };
}
