import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectsOf } from './once.ts';
import { startHastyServer, type ServerProcess } from './server.ts';
import { openTown, type Town } from './town.ts';

/**
 * A power cut on the embedded database, which never calls fsync. What a machine loses cannot be had in a test; what
 * remains of it at the worst can: the journal, and nothing of the database.
 */

let town: Town;
let server: ServerProcess;
beforeEach(async () => {
  town = await openTown();
});
afterEach(async () => {
  server.kill();
  await server.ended;
  await town.close();
});

/** Two starts with a fresh database, on a busy machine. */
const limitMs = 180_000;

test(
  'what was acknowledged comes all the same, and what was posted is not posted again',
  { timeout: limitMs },
  async () => {
    const data = join(town.dir, 'data');
    const environment = { ...town.variables, DATABASE_URL: data };
    const issues = [await town.openIssue(), await town.openIssue()] as const;
    server = await startHastyServer(environment);
    const posted = await town.ask(issues[0], server.webhooks);
    await town.untilDone([posted], 60_000);
    const begun = await town.ask(issues[1], server.webhooks);
    server.kill();
    await server.ended;

    await rm(join(data, 'pglite'), { recursive: true });
    const holder = await readFile(join(data, 'holder.json'), 'utf8');
    await writeFile(
      join(data, 'holder.json'),
      holder.replace(/"boot":"[^"]*"/, '"boot":"before the power cut"'),
    );

    server = await startHastyServer(environment);
    expect(server.log.join('\n')).toMatch(/"taken":2.*taken up from the journal/);
    // Jobs of an issue run in order: when this one is done, what came before it on the issue is, too.
    const after = await town.ask(issues[0], server.webhooks, '/sitrep help');
    await town.untilDone([begun, after], 60_000);
    expect(effectsOf(town, [posted, begun, after])).toEqual({ acknowledged: 3, lost: [], doubled: [] });
    expect(town.github.refusals).toEqual([]);
  },
);
