import { z } from 'zod';
import type { StandIns } from '../sandbox/stand-ins.ts';
import { marks } from './load-request.ts';

/** GitHub's own `issue_comment.created` of a talkative issue. */
const bytes = 14_000;

const shape = z.looseObject({
  issue: z.looseObject({ number: z.int(), body: z.string() }),
  comment: z.looseObject({ id: z.int() }),
});

/**
 * The payload of a new comment as the GitHub stand-in sends it, filled up with prose to the size of a real one.
 * Comment and issue are numbered with marks, which the load puts a new number on for each delivery.
 */
export async function commentPayload(
  { github }: StandIns,
  issue: number,
  commentBody: string,
): Promise<string> {
  github.deliverTo('http://127.0.0.1:9/'); // nobody: the payload is wanted, not its delivery
  const { delivery } = await github.comment('carol', issue, commentBody);
  github.deliverTo(null);
  const payload = shape.parse(delivery?.payload);
  const text = JSON.stringify(payload)
    .replaceAll(String(payload.comment.id), marks.comment)
    .replaceAll(`issues/${String(issue)}`, `issues/${marks.issue}`)
    .replaceAll(`"number":${String(issue)}`, `"number":${marks.issue}`);
  const room = bytes - Buffer.byteLength(text);
  const marked = shape.parse(JSON.parse(text));
  const prose = 'The backend answers 503 since the deployment; the connector was at its limit before. ';
  marked.issue.body += prose.repeat(Math.ceil(room / prose.length)).slice(0, Math.max(0, room));
  return JSON.stringify(marked);
}
