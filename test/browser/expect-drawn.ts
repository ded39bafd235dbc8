import { expect } from 'vitest';
import { columnsOf, labelsOf } from '../templates/mermaid-source.ts';
import type { Drawing } from './mermaid-page.ts';

/** Without what has no width, and without breaks of lines, which a browser does not give back. */
const plain = (text: string): string => text.replaceAll(/[\s\u200B\u2060]/g, '');

/** Each label that was written is to be read, and what is drawn is what the source holds. */
export function expectDrawn(source: string, drawn: Drawing | undefined): void {
  expect(drawn?.error, source).toBeNull();
  const texts = (drawn?.texts ?? []).map(plain);
  const labels = labelsOf(source);
  const wanted = labels.map(({ place, lines }) => ({ place, text: plain(lines.join('')) }));
  const shown = wanted.filter(({ place }) => place !== 'title').map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(shown));
  expect(plain(drawn?.title ?? '')).toBe(wanted.find(({ place }) => place === 'title')?.text);
  expect(drawn?.nodes).toBe(labels.filter(({ place }) => place === 'node').length);
  expect(drawn?.arrows).toBe(source.match(/^ n\d+ (?:-->|-\.->|==>)[ |]/gm)?.length ?? 0);
  expect(drawn?.bars).toBe(columnsOf(source).filter((value) => value !== null).length);
  expect(drawn?.acting).toEqual([]);
}
