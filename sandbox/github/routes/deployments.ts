import { pathNumber } from '../call.ts';
import type { RepositoryHandler } from '../call.ts';
import { notFound } from '../errors.ts';
import { page } from '../paging.ts';
import { deployment, deploymentStatus } from '../shapes/commit.ts';

/** GitHub reads "none" as no filter: it is the documented default of each. */
function wants(query: URLSearchParams, name: string, value: string): boolean {
  const wanted = query.get(name);
  return wanted === null || wanted === 'none' || wanted === value;
}

export const listDeployments: RepositoryHandler = (call) => {
  const { repository, query, world } = call;
  const deployments = repository.deployments.filter(
    (source) =>
      wants(query, 'sha', source.sha) &&
      wants(query, 'environment', source.environment) &&
      wants(query, 'ref', repository.defaultBranch) &&
      wants(query, 'task', 'deploy'),
  );
  return page(call, deployments, (source) => deployment(world, repository, source));
};

export const listDeploymentStatuses: RepositoryHandler = (call) => {
  const found = call.repository.deployments.find(({ id }) => id === pathNumber(call, 'deployment_id'));
  if (!found) throw notFound();
  return page(call, [found], (source) => deploymentStatus(call.world, call.repository, source));
};
