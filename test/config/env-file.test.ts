import { generateKeyPairSync } from 'node:crypto';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { missingVariables, withVariables } from '../../src/config/env-file.ts';

describe('variables that are written', () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });

  test.each([
    ['a number', '123'],
    ['a secret', 'f3b1c0d4e5a69788'],
    ['a key of several lines', privateKey],
    ['blanks and signs', 'a b # c $d'],
  ])('%s is read as it was written', (_what, value) => {
    expect(parseEnv(withVariables('', { NAME: value }))).toEqual({ NAME: value });
  });

  test('other lines stay, and an empty one of the same name goes', () => {
    const text = '# mine\nLOG_LEVEL=warn\nAPP_ID=\nexport PORT=1\n';
    expect(withVariables(text, { APP_ID: '7', PORT: '2' })).toBe(
      '# mine\nLOG_LEVEL=warn\nAPP_ID=7\nPORT=2\n',
    );
  });

  test('what the file cannot hold is refused', () => {
    expect(() => withVariables('', { NAME: 'a"b' })).toThrow('quotation mark');
  });
});

test('only what is not set is taken from the file; what is set and empty counts as set', () => {
  expect(missingVariables('A=1\nB=2\nC=3\n', { A: 'x', B: '' })).toEqual({ C: '3' });
});
