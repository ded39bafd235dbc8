import type { ComponentType, Configuration } from '../../config/repository.schema.ts';

/** The types that serve users: the services, of Cloud Run and others; without one, the endpoints. */
export function servingTypes({ components }: Configuration): ComponentType[] {
  const services: readonly ComponentType[] = ['cloud-run', 'service'];
  const present = services.filter((one) => Object.values(components).some(({ type }) => type === one));
  return present.length > 0 ? present : ['http', 'websocket'];
}
