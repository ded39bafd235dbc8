import type { Component, Configuration } from '../../config/repository.schema.ts';

/** Resource names in full, as a provider's support asks for them. */

/** The name of a component at its provider, in full; null where it has none, or the project is not configured. */
export function resourceName(component: Component, place: Configuration['google_cloud']): string | null {
  if (component.type === 'http' || component.type === 'websocket') return component.url;
  if (place === undefined) return null;
  const project = `projects/${place.project}`;
  const location = `${project}/locations/${place.region}`;
  switch (component.type) {
    case 'cloud-run':
      return `${location}/services/${component.service}`;
    case 'vpc-connector':
      return `${location}/connectors/${component.name}`;
    case 'cloud-sql':
      return `${project}/instances/${component.instance}`;
    case 'secret':
      return `${project}/secrets/${component.name}`;
    case 'load-balancer': {
      const scope = component.region === undefined ? 'global' : `regions/${component.region}`;
      return `${project}/${scope}/backendServices/${component.backend_service}`;
    }
    case 'google-region':
      return location;
    case 'metric':
    case 'log-filter':
    case 'service':
    case 'terraform-state':
      return null;
  }
}
