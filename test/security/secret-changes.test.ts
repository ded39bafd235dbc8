import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openPlay } from '../app/play.ts';
import { textsOfDatabase } from './database-text.ts';

/** That a secret is another one than before is told; what it is, and what would let it be tried out, is not. */

const [before, after] = ['hunter21', 'hunter22'];

/** What a password could be found by: every common hash of it, as its beginning would be shown. */
const hashes = [before, after].flatMap((secret) =>
  (['md5', 'sha1', 'sha256', 'sha512'] as const).flatMap((algorithm) =>
    (['hex', 'base64'] as const).map((form) =>
      createHash(algorithm).update(secret).digest(form).slice(0, 10),
    ),
  ),
);

test('a secret that changed with a revision is told as changed', { timeout: 180_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sitrep-changed-'));
  try {
    const databaseUrl = join(dir, 'data');
    const play = await openPlay({
      databaseUrl,
      change: (scenario) => {
        for (const { path, states } of scenario.google.resources)
          if (path.includes('/revisions/netra-backend-staging-'))
            for (const state of states)
              state.body = z
                .record(z.string(), z.unknown())
                .parse(
                  JSON.parse(JSON.stringify(state.body), (key, value: unknown) =>
                    key === 'env' && Array.isArray(value)
                      ? [
                          ...z.array(z.unknown()).parse(value),
                          { name: 'SIGNING_SECRET', value: path.endsWith('00750-69k') ? after : before },
                        ]
                      : value,
                  ),
                );
      },
    });
    const { replies } = await play.say('carol', '/status');
    const diff = await play.say('carol', '/sitrep diff');
    await play.close();
    const said = [...replies, ...diff.replies, ...play.logged].join('\n');
    const tables = await textsOfDatabase(databaseUrl);
    const stored = tables.map(({ text }) => text).join('\n');
    expect(stored).toContain('"key": "env.SIGNING_SECRET"');
    expect(stored).toContain('redacted, another value');
    expect(said).toContain('SIGNING');
    expect(said).toContain('another value');
    for (const text of [said, stored])
      for (const told of [before, after, ...hashes]) expect(text).not.toContain(told);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
