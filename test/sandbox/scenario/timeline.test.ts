import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { endpointAt, faultAt, mergePatch, resourceAt } from '../../../sandbox/scenario/timeline.ts';

const at = (minute: number) => new Date(Date.UTC(2025, 2, 10, 12, minute));
const from = (minute: number) => at(minute).toISOString();

// The examples of RFC 7396, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (target, patch, expected) => {
  expect(mergePatch(target, patch)).toEqual(expected);
});

test('a patch changes neither target nor patch', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
      const before = JSON.stringify([target, patch]);
      mergePatch(target, patch);
      expect(JSON.stringify([target, patch])).toBe(before);
    }),
  );
});

test('a patch that is applied twice does what it does once', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
      const once = mergePatch(target, patch);
      expect(mergePatch(once, patch)).toEqual(once);
    }),
  );
});

test('without nulls, a patch of nothing is what was patched in', () => {
  const tree = fc.letrec<{ node: unknown; object: Record<string, unknown> }>((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.string(), fc.array(fc.integer()), tie('object')),
    object: fc.dictionary(
      fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
      tie('node'),
      { maxKeys: 3 },
    ),
  })).object;
  fc.assert(
    fc.property(tree, (patch) => {
      expect(mergePatch({}, patch)).toEqual(patch);
    }),
  );
});

const states = [
  { body: { name: 's', state: 'READY', labels: { a: '1' } }, gone: false },
  { from: from(10), body: { state: 'ERROR', labels: { b: '2' } }, gone: false },
  { from: from(20), body: { labels: null }, gone: true },
  { from: from(30), body: { state: 'READY' }, gone: false },
];

test.each([
  ['before all changes', 0, { name: 's', state: 'READY', labels: { a: '1' } }],
  ['just before the first', 9, { name: 's', state: 'READY', labels: { a: '1' } }],
  ['at the first', 10, { name: 's', state: 'ERROR', labels: { a: '1', b: '2' } }],
  ['where it is gone', 20, null],
  ['where it is there again', 30, { name: 's', state: 'READY' }],
  ['long after', 59, { name: 's', state: 'READY' }],
])('a resource %s', (_, minute, expected) => {
  expect(resourceAt({ states }, at(minute))).toEqual(expected);
});

test('a resource does not exist before its first state', () => {
  const late = { states: [{ from: from(10), body: { name: 's' }, gone: false }] };
  expect(resourceAt(late, at(9))).toBeNull();
  expect(resourceAt(late, at(10))).toEqual({ name: 's' });
});

test('between two changes a resource stays as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }), (one, other) => {
      const changes = [10, 20, 30];
      const between = (minute: number) => changes.filter((change) => change <= minute).length;
      fc.pre(between(one) === between(other));
      expect(resourceAt({ states }, at(one))).toEqual(resourceAt({ states }, at(other)));
    }),
  );
});

test('an endpoint is in the last state that has begun', () => {
  const plain = { latency_ms: 50, body: '', headers: {} };
  const endpoint = [
    { ...plain, status: 200 },
    { ...plain, from: from(10), status: 503 },
  ];
  expect(endpointAt(endpoint, at(9))?.status).toBe(200);
  expect(endpointAt(endpoint, at(10))?.status).toBe(503);
  expect(endpointAt(endpoint.slice(1), at(9))).toBeNull();
});

const faults = [
  { api: 'a', path: '/services', kind: 'denied', from: from(10), to: from(20) } as const,
  { api: 'a', path: '', kind: 'quota', from: from(15) } as const,
];

test.each([
  ['before it begins', 'a', '/v2/services/x', 9, undefined],
  ['where it begins', 'a', '/v2/services/x', 10, 'denied'],
  ['on another path', 'a', '/v2/jobs', 10, undefined],
  ['of another host', 'b', '/v2/services/x', 10, undefined],
  ['where two hold, the first of the list', 'a', '/v2/services/x', 16, 'denied'],
  ['where it has ended', 'a', '/v2/services/x', 20, 'quota'],
])('a fault %s', (_, host, path, minute, kind) => {
  expect(faultAt(faults, host, path, at(minute))?.kind).toBe(kind);
});
