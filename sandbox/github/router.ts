import type { Description } from './description.ts';
import { operations } from './operations.ts';
import type { OperationId } from './operations.ts';

export type Match =
  | { kind: 'found'; id: OperationId; route: string; pathParameters: Record<string, string> }
  | { kind: 'other'; id: string; route: string }
  | { kind: 'none' };

interface Node {
  statics: Map<string, Node>;
  parameter: Node | null;
  rest: Map<string, string>;
  ends: Map<string, string>;
}

interface Hit {
  id: string;
  values: string[];
}

const parameterNames = /\{([^}]+)\}/g;

function emptyNode(): Node {
  return { statics: new Map(), parameter: null, rest: new Map(), ends: new Map() };
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function add(root: Node, method: string, path: string, id: string, multiSegment: boolean): void {
  const segments = path.split('/').slice(1);
  let node = root;
  for (const [index, segment] of segments.entries()) {
    if (multiSegment && index === segments.length - 1) {
      node.rest.set(method, id);
      return;
    }
    if (isParameter(segment)) {
      node.parameter ??= emptyNode();
      node = node.parameter;
    } else {
      const next = node.statics.get(segment) ?? emptyNode();
      node.statics.set(segment, next);
      node = next;
    }
  }
  node.ends.set(method, id);
}

/** The most literal route wins, as at GitHub: `/issues/comments/1` is a comment, not a reaction's issue. */
function search(node: Node, method: string, segments: string[], index: number, values: string[]): Hit | null {
  const segment = segments[index];
  if (segment === undefined) {
    const id = node.ends.get(method) ?? node.rest.get(method);
    return id === undefined ? null : { id, values };
  }
  const literal = node.statics.get(segment);
  const hit = literal && search(literal, method, segments, index + 1, values);
  if (hit) return hit;
  const through = segment === '' ? null : node.parameter;
  const found = through && search(through, method, segments, index + 1, [...values, segment]);
  if (found) return found;
  const id = node.rest.get(method);
  return id === undefined ? null : { id, values: [...values, segments.slice(index).join('/')] };
}

function isAnswered(id: string): id is OperationId {
  return id in operations;
}

/** A percent sign that encodes nothing leaves the segment as it came. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Finds the operation of a method and a path (without query and prefix). */
export function createRouter(description: Description): (method: string, path: string) => Match {
  const root = emptyNode();
  const routes = new Map<string, string>();
  for (const [id, operation] of Object.entries(description.operations)) {
    const multiSegment = operation.parameters.some((parameter) => parameter.multiSegment);
    add(root, operation.method, operation.path, id, multiSegment);
    routes.set(id, `${operation.method} ${operation.path}`);
  }
  for (const [id, route] of Object.entries(description.others)) {
    const [method = '', path = ''] = route.split(' ');
    add(root, method, path, id, false);
    routes.set(id, route);
  }
  return (method, path) => {
    const hit = search(root, method, path.split('/').slice(1), 0, []);
    if (!hit) return { kind: 'none' };
    const route = routes.get(hit.id) ?? '';
    if (!isAnswered(hit.id)) return { kind: 'other', id: hit.id, route };
    const names = [...route.matchAll(parameterNames)].map(([, name = '']) => name);
    const pathParameters = Object.fromEntries(names.map((name, i) => [name, decoded(hit.values[i] ?? '')]));
    return { kind: 'found', id: hit.id, route, pathParameters };
  };
}
