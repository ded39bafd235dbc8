import { v5 } from 'uuid';

/** Namespace of Sitrep's postings; fixed for ever, since ids made with it stand in comments. */
const namespace = '6f0f3b1e-54a3-4f0e-9f57-0c8d3cf2b7a1';

/** The id of what a call posts: the same each time the call is tried again, so that it is posted once. */
export function postingId(call: string, kind: string): string {
  return v5(`${call}\n${kind}`, namespace);
}
