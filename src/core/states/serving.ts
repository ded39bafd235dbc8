import type { ComponentType, Configuration } from '../../config/repository.schema.ts';

/** The types that serve users: the Cloud Run services; without one, the endpoints. */
export function servingTypes({ components }: Configuration): ComponentType[] {
  const hasService = Object.values(components).some(({ type }) => type === 'cloud-run');
  return hasService ? ['cloud-run'] : ['http', 'websocket'];
}
