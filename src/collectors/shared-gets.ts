import type { GoogleAccess } from './google-access.ts';
import { askedOnce } from './read-times.ts';

/**
 * Access for one collection that asks for the same thing once, however many collectors need it. Its reads begin and end
 * together, by the signal of who was first. A failure is not kept: who asks again is served.
 */
export function sharedGets(google: GoogleAccess): GoogleAccess {
  const answers = new Map<string, (call: GetCall) => Promise<unknown>>();
  return {
    ...google,
    get: (call) => {
      const key = JSON.stringify([call.host, call.path, call.query ?? {}]);
      const answer = answers.get(key) ?? askedOnce((first: GetCall) => google.get(first));
      answers.set(key, answer);
      return answer(call);
    },
  };
}

type GetCall = Parameters<GoogleAccess['get']>[0];
