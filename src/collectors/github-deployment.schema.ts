import { z } from 'zod';
import { objectId } from './github-history.schema.ts';

/** Deployments as GitHub's GraphQL answers them. */

const deployment = z.object({
  commitOid: objectId,
  createdAt: z.iso.datetime({ offset: true }),
  environment: z.string().nullable(),
  creator: z.object({ login: z.string() }).nullable(),
  latestStatus: z.object({ state: z.string(), logUrl: z.url().nullable() }).nullable(),
});

export type Deployment = z.infer<typeof deployment>;

export const deployedPart = z.object({
  deployments: z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), nodes: z.array(deployment) }),
});
