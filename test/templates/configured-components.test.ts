import { beforeAll, describe, expect, it } from 'vitest';
import { assess } from '../../src/commands/assess.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { configuration, readWorld } from '../collectors/world.ts';
import { unsourcedFigures } from './provenance.ts';

/** An update shows the endpoints, WebSockets, metrics and log filters of the configuration. */

const shown: Configuration = {
  ...configuration,
  journeys: { talk: { title: 'Talk to us', steps: ['chat', 'feed', 'queue'] } },
  success_criteria: [{ id: 'sockets', title: 'Sockets open', when: 'sockets.all(s, s.open)' }],
};
let markdown = '';
let snapshot: Snapshot;
beforeAll(async () => {
  ({ snapshot } = await readWorld({}, shown.components));
  const { update } = assess(shown, { ...snapshot, incident: null }, [], '0.1.0', { plan: [] });
  markdown = renderUpdate(update);
});

describe('an update', () => {
  it.each([
    ['`page`', '503 in 4.3 s'],
    ['`chat`', 'open in 120 ms, expected message came'],
    ['`feed`', 'open in 50 ms, without the expected message, closed by the server with 1011'],
    ['`queue`', '130, above 100'],
    ['`refused`', '5 entries, above 3'],
  ])('has a row for %s in its table of components', (id, words) => {
    expect(markdown.split('\n').filter((line) => line.startsWith(`| ${id} |`))).toContainEqual(
      expect.stringContaining(`| ${words} |`),
    );
  });

  it('shows where a journey over them stops, and what criteria make of them', () => {
    expect(markdown).toContain('talk stops at `feed`');
    expect(markdown).toMatch(/✅ \*\*Sockets open:\*\*/);
  });

  it('puts the window before beside a metric and a count', () => {
    expect(markdown).toMatch(/\| `queue` \| value \| 130 \| 12 \|/);
    expect(markdown).toMatch(/\| `refused` \| entries \| 5 \| 0 \|/);
  });

  it('has a source for every figure', () => {
    const texts = ['sum(queue_depth)', ...Object.keys(shown.components)];
    expect(unsourcedFigures(markdown, texts)).toEqual([]);
  });
});
