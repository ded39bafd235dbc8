import { expect, test } from 'vitest';
import { withoutCredentials } from '../../src/collectors/provenance.ts';

test.each<[url: string, shown: string]>([
  ['https://api.example.com/health', 'https://api.example.com/health'],
  ['https://api.example.com', 'https://api.example.com'],
  ['https://api.example.com/health?deep=1', 'https://api.example.com/health?deep=1'],
  ['https://kim:hunter2@api.example.com/health', 'https://api.example.com/health'],
  [
    'https://api.example.com/health?token=hunter2&deep=1',
    'https://api.example.com/health?token=redacted&deep=1',
  ],
  ['https://api.example.com/?API_KEY=hunter2', 'https://api.example.com/?API_KEY=redacted'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutCredentials(url)).toBe(shown);
});
