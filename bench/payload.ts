import { z } from 'zod';
import type { StandIns } from '../sandbox/stand-ins.ts';
import { marks } from './load-request.ts';

/** GitHub's own `issue_comment.created` of a talkative issue. */
const bytes = 14_000;

const shape = z.looseObject({
  issue: z.looseObject({ number: z.int(), body: z.string() }),
  comment: z.looseObject({ id: z.int() }),
});

/** A payload of the stand-in, filled up with prose in its issue to the size of a real one. */
export function ofRealSize(payload: unknown): string {
  const filled = shape.parse(structuredClone(payload));
  const room = Math.max(0, bytes - Buffer.byteLength(JSON.stringify(filled)));
  const prose = 'The backend answers 503 since the deployment; the connector was at its limit before. ';
  filled.issue.body += prose.repeat(Math.ceil(room / prose.length)).slice(0, room);
  return JSON.stringify(filled);
}

/**
 * The payload of a new comment as the GitHub stand-in sends it, of real size. Comment and issue are numbered with marks,
 * which the load puts a new number on for each delivery.
 */
export async function commentPayload(
  { github }: StandIns,
  issue: number,
  commentBody: string,
): Promise<string> {
  github.deliverTo('http://127.0.0.1:9/'); // nobody: the payload is wanted, not its delivery
  const { delivery } = await github.comment('carol', issue, commentBody);
  github.deliverTo(null);
  const { comment } = shape.parse(delivery?.payload);
  const marked = JSON.stringify(delivery?.payload)
    .replaceAll(String(comment.id), marks.comment)
    .replaceAll(`issues/${String(issue)}`, `issues/${marks.issue}`)
    .replaceAll(`"number":${String(issue)}`, `"number":${marks.issue}`);
  return ofRealSize(JSON.parse(marked));
}
