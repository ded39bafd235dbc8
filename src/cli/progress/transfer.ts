import type { Progress } from './progress.ts';

/** How rows are counted that go from one place to another. */
const counted = new Intl.NumberFormat('en-US');

/** `1,234 rows`. */
export function rowsWords(rows: number): string {
  return `${counted.format(rows)} row${rows === 1 ? '' : 's'}`;
}

/** Shows how far rows have come, where what is waited for is shown. */
export function watchTransfer(
  { wait }: Pick<Progress, 'wait'>,
  verb: 'exporting' | 'importing',
): (moved: { rows: number; of: number }) => void {
  return ({ rows, of }) =>
    wait((room) => `${verb}: ${counted.format(rows)} of ${rowsWords(of)}`.slice(0, room));
}
