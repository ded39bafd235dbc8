import { methodDescriptions } from './descriptions.ts';
import type { MethodDescription } from './descriptions.ts';

/** HTTP rules of `google.api.http`, compiled to something that a path can be matched with. */

interface Segment {
  /** The segment itself, or null for `*`: any one segment. */
  literal: string | null;
  /** Field of the request that the segment belongs to. */
  field: string | null;
}

interface Route {
  method: MethodDescription;
  segments: Segment[];
}

export interface Match {
  method: MethodDescription;
  /** Fields of the request that the path holds, for example `name: projects/p/locations/r/services/s`. */
  fields: Record<string, string>;
}

function compile(method: MethodDescription): Route {
  const segments: Segment[] = [];
  for (const [part] of method.path.matchAll(/\{[^}]*\}|[^/{}]+/g)) {
    if (!part.startsWith('{')) {
      segments.push({ literal: part, field: null });
      continue;
    }
    const [field = '', template = '*'] = part.slice(1, -1).split('=');
    for (const piece of template.split('/')) {
      if (piece === '**') throw new Error(`${method.path}: ** is not supported in a route`);
      segments.push({ literal: piece === '*' ? null : piece, field });
    }
  }
  return { method, segments };
}

function literals({ segments }: Route): number {
  return segments.filter(({ literal }) => literal !== null).length;
}

/** Most literal segments first, so that a wildcard never takes what a literal route names. */
const routes = methodDescriptions
  .map(compile)
  .sort((a, b) => literals(b) - literals(a) || b.method.path.length - a.method.path.length);

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function fieldsOf(route: Route, segments: string[]): Record<string, string> | null {
  if (segments.length !== route.segments.length) return null;
  const fields: Record<string, string> = {};
  for (const [index, { literal, field }] of route.segments.entries()) {
    const segment = decoded(segments[index] ?? '');
    if (segment === null || segment === '') return null;
    const last = index === segments.length - 1;
    // `…/services/x:setIamPolicy` is another method: a wildcard at the end takes no verb.
    if (literal === null ? last && segment.includes(':') : literal !== segment) return null;
    if (field !== null) fields[field] = field in fields ? `${fields[field]}/${segment}` : segment;
  }
  return fields;
}

/** The method that answers a path, and the fields that the path holds; null where there is none. */
export function matchRoute(verb: string, path: string): Match | null {
  const segments = path.replace(/^\//, '').split('/');
  for (const route of routes) {
    if (route.method.verb !== verb) continue;
    const fields = fieldsOf(route, segments);
    if (fields !== null) return { method: route.method, fields };
  }
  return null;
}
