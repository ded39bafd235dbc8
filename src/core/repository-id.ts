/**
 * The component that evidence about the repository itself belongs to: commits, deployments, what refers to the issue. No
 * component of a configuration may have this id.
 */
export const repositoryId = 'repository';
