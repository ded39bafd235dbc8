import { expect, test } from 'vitest';
import { readTerminalStyle } from '../../src/config/environment-terminal.ts';

test.each<
  [isTTY: boolean, environment: Record<string, string | undefined>, animated: boolean, colour: boolean]
>([
  [true, {}, true, true],
  [true, { TERM: 'xterm-256color' }, true, true],
  [false, {}, false, false],
  [true, { NO_COLOR: '1' }, true, false],
  [true, { NO_COLOR: ' ' }, true, false],
  [true, { NO_COLOR: 'false' }, true, false],
  [true, { NO_COLOR: '' }, true, true],
  [true, { TERM: 'dumb' }, false, false],
  [true, { CI: 'true' }, false, false],
  [true, { CI: '' }, false, false],
  [true, { CI: undefined }, true, true],
  [false, { FORCE_COLOR: '1' }, false, true],
  [false, { FORCE_COLOR: 'true' }, false, true],
  [false, { FORCE_COLOR: '' }, false, false],
  [true, { FORCE_COLOR: '0' }, true, false],
  [true, { FORCE_COLOR: 'false' }, true, false],
  [true, { FORCE_COLOR: '2', NO_COLOR: '1' }, true, true],
  [true, { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
  [true, { FORCE_COLOR: '1', CI: 'true' }, false, true],
])('terminal: %o, %o → drawn anew: %o, colour: %o', (isTTY, environment, animated, colour) => {
  expect(readTerminalStyle(environment, isTTY)).toEqual({ animated, colour });
});
