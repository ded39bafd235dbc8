import { beforeAll, describe, expect, test } from 'vitest';
import { shownKinds, type ShownKind } from '../../scripts/gallery/updates.ts';
import { elements } from './elements.ts';
import { sceneOf, type Scene } from './scene.ts';

/** Everything that hand-written updates of this outage contain, in each kind of ours that must hold it. */

let scene: Scene;
beforeAll(async () => {
  scene = await sceneOf('connector-saturated');
}, 120_000);

const places = elements.flatMap((element) => element.kinds.map((kind) => ({ ...element, kind })));

describe('an update holds what it must', () => {
  test.each(places)('$id $element: $kind', ({ kind, found }) => {
    const texts = scene.texts.get(kind) ?? [];
    const patterns = found(scene, kind);
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) expect(texts.join('\n\n')).toMatch(pattern);
  });
});

describe('an element is recognised by its content', () => {
  test.each(elements)('$id is not found in what says nothing of it', ({ kinds, found }) => {
    const [kind = 'status'] = kinds;
    const help = (scene.texts.get('help') ?? []).join('\n');
    expect(found(scene, kind).some((pattern) => !pattern.test(help))).toBe(true);
  });

  test.each(elements.filter(({ nature }) => nature.includes('measured')))(
    '$id is not found where the figures are other ones',
    ({ kinds, found }) => {
      const [kind = 'status'] = kinds;
      const text = (scene.texts.get(kind) ?? []).join('\n\n').replaceAll(/\d/gu, 'x');
      expect(found(scene, kind).some((pattern) => !pattern.test(text))).toBe(true);
    },
  );
});

describe('the inventory', () => {
  test('has each element once, and no kind both with and without it', () => {
    expect(new Set(elements.map(({ id }) => id)).size).toBe(elements.length);
    const both = elements.filter(({ id, kinds, without = {} }) =>
      // A brief names where the journey stops, and not its steps.
      id === 'B16' ? false : kinds.some((kind) => Object.hasOwn(without, kind)),
    );
    expect(both.map(({ id }) => id)).toEqual([]);
  });

  test('asks something of every kind of update, but for those that tell of no incident', () => {
    const asked = new Set<ShownKind>(elements.flatMap(({ kinds }) => kinds));
    const free = new Set<string>(['help', 'refusal']);
    const all = Object.keys(shownKinds).filter((kind) => !free.has(kind));
    expect(all.filter((kind) => ![...asked].some((one) => one === kind))).toEqual([]);
  });
});
