import { seeded } from './seeded.ts';

/** Log messages for measures: the same ones at every run. */

const verbs = [
  'failed',
  'timed out',
  'was refused',
  'could not be read',
  'is unknown',
  'was cut off',
  'is locked',
  'has expired',
];
const things = ['payment', 'session', 'upload', 'order', 'invoice'];
const users = [
  'ann',
  'bob',
  'carol',
  'dave',
  'erin',
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
  'mallory',
  'zoë',
];

/** What an application in trouble writes: 40 kinds of lines, tracebacks, JSON, a few unique lines, some very long. */
export function realisticLog(count: number): string[] {
  const random = seeded(1_278);
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => {
    const picked = from[Math.floor(random() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  const number = (below: number) => Math.floor(random() * below);
  const hex = () =>
    number(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const makers: (() => string)[] = [
    () =>
      `${pick(things)} ${String(number(1e6))} ${pick(verbs)} after ${(random() * 30).toFixed(2)} s (request ${hex()}${hex()})`,
    () =>
      `Traceback (most recent call last):\n  File "/usr/local/lib/python3.12/site-packages/asyncpg/connect.py", line ${String(number(900))}, in connect\n  File "/app/db/${pick(things)}.py", line ${String(number(200))}, in load\nTimeoutError: no connection to 10.0.${String(number(255))}.${String(number(255))}:5432 within ${String(number(30))} s`,
    () =>
      `Error: ${pick(things)} for user "${pick(users)}" ${pick(verbs)}\n    at load (/app/src/${pick(things)}.js:${String(number(300))}:${String(number(80))})\n    at process (node:internal/process:1:2)`,
    () =>
      JSON.stringify({
        level: 'error',
        user: pick(users),
        path: `/v1/${pick(things)}s/${String(number(1e5))}`,
        status: 500,
      }),
    () =>
      `2026-03-03T10:${String(number(60)).padStart(2, '0')}:07.${String(number(1_000))}Z [worker-${String(number(32))}] ${pick(things)} ${pick(verbs)}`,
    () =>
      `dial tcp 10.8.${String(number(255))}.${String(number(255))}:${String(number(65_536))}: i/o timeout`,
  ];
  return Array.from({ length: count }, () => {
    const chance = random();
    if (chance < 0.01)
      return `${hex()} ${Array.from({ length: 3 + number(9) }, () => hex().replaceAll(/\d/g, 'x')).join(' ')}`;
    if (chance < 0.011) return `${pick(things)} ${pick(verbs)}: ${'payload '.repeat(2_500)}`;
    return pick(makers)();
  });
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Messages of which no two are alike in any place, so that nothing can be merged. */
export function hostileLog(count: number): string[] {
  const random = seeded(7);
  const word = () => Array.from({ length: 6 }, () => letters[Math.floor(random() * 26)]).join('');
  return Array.from({ length: count }, () => Array.from({ length: 12 }, word).join(' '));
}
