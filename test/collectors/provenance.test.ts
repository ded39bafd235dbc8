import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { consoleLink, filterString, gcloud, logsLink, shellWord } from '../../src/collectors/provenance.ts';

const run = promisify(execFile);

describe('a word of a command', () => {
  it.each([
    'netra-backend-staging',
    'it is',
    "it's",
    '$(touch /nowhere)',
    '`id`',
    'a;b&c|d>e',
    '*',
    '',
    'new\nline',
    String.raw`back\slash`,
    '"quoted"',
  ])('means exactly itself to a shell: %j', async (text) => {
    const { stdout } = await run('sh', ['-c', `printf %s ${shellWord(text)}`]);
    expect(stdout).toBe(text);
  });
});

describe('links and filters', () => {
  it('escape what they are given', () => {
    expect(consoleLink('run', 'a/b?c')).toBe('https://console.cloud.google.com/run?project=a%2Fb%3Fc');
    expect(filterString(String.raw`a"b\c`)).toBe(String.raw`"a\"b\\c"`);
    expect(gcloud('run services describe', ["o'hara"], { region: 'r', project: 'p q' })).toBe(
      String.raw`gcloud run services describe 'o'\''hara' --region=r --project='p q'`,
    );
    const window = { from: '2025-03-10T11:00:00Z', to: '2025-03-10T12:00:00Z' };
    expect(new URL(logsLink('severity>=ERROR AND a="b"', window, 'shop')).pathname).toBe(
      '/logs/query;query=severity%3E%3DERROR%20AND%20a%3D%22b%22;timeRange=2025-03-10T11%3A00%3A00Z%2F2025-03-10T12%3A00%3A00Z',
    );
  });
});
