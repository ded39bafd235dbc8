import type { ComponentType } from '../config/repository.schema.ts';

/**
 * Google Cloud products by the component types that need them, as Service Health and the public feed name them
 * (cloud.google.com/service-health/docs/supported-products), without "Google" and "Cloud": the two differ there.
 */
const productsOf: Partial<Record<ComponentType, readonly string[]>> = {
  'cloud-run': ['run'],
  'vpc-connector': ['virtual private (vpc)', 'networking', 'serverless vpc access'],
  'cloud-sql': ['sql'],
  secret: ['secret manager'],
  'load-balancer': ['load balancing', 'networking'],
  'terraform-state': ['storage'],
};

/** Every call of an API needs it. */
const always = 'identity and access management';

/** Tells whether a product is one that components of these types need. */
export function productInUse(types: ReadonlySet<ComponentType>): (product: string) => boolean {
  const used = new Set([always, ...[...types].flatMap((type) => productsOf[type] ?? [])]);
  return (product) => used.has(shortName(product));
}

function shortName(product: string): string {
  return product
    .toLowerCase()
    .replaceAll(/\b(?:google|cloud)\b/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
