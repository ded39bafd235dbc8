import { describe, expect, test } from 'vitest';
import { withWhys } from '../../../src/core/incident/stated-whys.ts';
import type { WhyStatement } from '../../../src/core/snapshot.ts';

const page = 'https://github.example/acme/shop/issues/7';
const at = '2025-09-15T18:05:00Z';
const comment = (number: number) => `${page}#issuecomment-${String(number)}`;
const statement = (number: number) => ({
  by: 'kim',
  at,
  url: comment(number),
  text: `comment ${String(number)}`,
});
const add = (reason: string): WhyStatement => ({ act: 'add', reason });
const said = (url: string | null, reason: string) => ({
  by: 'kim',
  at,
  url,
  text: `add ${reason}`,
  why: add(reason),
});

describe('whys of the record among the statements', () => {
  test('stand on the comment that says them; a second one of it, and one without a comment, by themselves', () => {
    const whys = [said(comment(1), 'a'), said(comment(1), 'b'), said(comment(9), 'c'), said(null, 'd')];
    expect(withWhys([statement(1), statement(2)], whys, page)).toEqual([
      { ...statement(1), why: add('a') },
      statement(2),
      { ...statement(1), text: '', why: add('b') },
      { by: 'kim', at, url: comment(9), text: 'add c', why: add('c') },
      { by: 'kim', at, url: page, text: 'add d', why: add('d') },
    ]);
  });

  test('of the update before count once', () => {
    const whys = [said(comment(1), 'a'), said(comment(1), 'b'), said(comment(9), 'c'), said(null, 'd')];
    const first = withWhys([statement(1), statement(2)], whys, page);
    const reasons = withWhys(first, whys, page).flatMap(({ why }) => (why === undefined ? [] : [why.reason]));
    expect(reasons.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });
});
