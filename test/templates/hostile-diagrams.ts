import type { Diagram, Words } from '../../src/core/diagram.ts';
import { say } from '../../src/core/text.ts';
import { labelText } from '../../src/templates/mermaid-label.ts';

function time(minutes: number): string {
  return new Date(Date.parse('2025-09-15T17:00:00Z') + minutes * 60_000).toISOString();
}

/** One diagram of each kind with such texts in all its places, in turn. */
export function diagramsOf(texts: readonly Words[]): Diagram[] {
  const text = (place: number): Words => texts[place % Math.max(1, texts.length)] ?? '';
  const id = (place: number): string => `${labelText(text(place))} ${place}`;
  const title = (place: number) => {
    const words = text(place);
    return typeof words === 'string' ? say`${{ as: 'prose', text: words }}` : words;
  };
  const tones = ['failing', 'degraded', 'unknown', 'healthy', 'plain'] as const;
  return [
    {
      as: 'flowchart',
      direction: 'across',
      title: title(0),
      nodes: Array.from({ length: 5 }, (_, place) => ({
        id: id(place),
        lines: place % 2 === 0 ? [text(place)] : [text(place), text(place + 1), say`OK`],
        tone: tones[place] ?? 'plain',
        shape: place % 2 === 0 ? 'round' : 'box',
        marked: place === 3,
      })),
      edges: Array.from({ length: 4 }, (_, place) => ({
        from: id(place),
        to: id(place + 1),
        line: place === 0 ? 'thick' : place === 1 ? 'dotted' : 'solid',
        words: place === 3 ? null : text(place + 2),
      })),
    },
    {
      as: 'columns',
      title: title(1),
      unit: title(2),
      highest: 75,
      colour: 'errors',
      columns: Array.from({ length: 6 }, (_, place) => ({
        value: place === 3 ? null : place * 15,
        words: place === 1 ? null : text(place + 3),
      })),
    },
    {
      as: 'schedule',
      title: title(3),
      groups: [
        [{ words: text(0), from: time(0), to: time(50), tone: 'failing' }],
        [0, 1, 2].map((place) => ({
          words: text(place + 1),
          from: time(place * 9),
          to: time(place * 9),
          tone: 'plain' as const,
        })),
      ],
    },
  ];
}
