import { expect, test } from 'vitest';
import { postmortemPath } from '../../src/core/compose/postmortem-file.ts';

test.each([
  [
    'docs/postmortems',
    'Staging login & chat down!',
    'docs/postmortems/2025-09-15-1278-staging-login-chat-down.md',
  ],
  ['/docs/./postmortems/', '  Café offline ', 'docs/postmortems/2025-09-15-1278-cafe-offline.md'],
  ['.', '停止', '2025-09-15-1278.md'],
  ['p', '../../etc', 'p/2025-09-15-1278-etc.md'],
  ['p', `${'a'.repeat(49)} bcd`, `p/2025-09-15-1278-${'a'.repeat(49)}.md`],
])('in %s with the title %s', (folder, title, path) => {
  expect(postmortemPath({ folder, declaredAt: '2025-09-15T17:15:00Z', issue: 1278, title })).toBe(path);
});
