import { z } from 'zod';

/** The default branch as GitHub's GraphQL answers it; each collector reads its own part. */

/** A commit's id: SHA-1, or SHA-256 in repositories that use it. */
export const objectId = z.string().regex(/^(?:[\da-f]{40}|[\da-f]{64})$/u);

const commit = z.object({
  oid: objectId,
  messageHeadline: z.string(),
  committedDate: z.iso.datetime({ offset: true }),
  url: z.url(),
  author: z.object({ name: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }).nullish(),
});

export type HistoryCommit = z.infer<typeof commit>;

/** Something of each commit, beside what the branch's head has. */
export function branchSchema<Node extends z.ZodType, Head extends z.ZodRawShape>(node: Node, head: Head) {
  return z.object({
    target: z.object({
      ...head,
      history: z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), nodes: z.array(node) }),
    }),
  });
}

export const historySchema = branchSchema(commit, {});
