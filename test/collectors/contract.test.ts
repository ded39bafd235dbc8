import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { collectors } from '../../src/collectors/list.ts';
import { collectorContract, documented } from './contract.ts';
import { startRepository } from './repository.ts';
import { configuration, startWorld } from './world.ts';

for (const collector of collectors) collectorContract(collector);

describe('the list of collectors', () => {
  it('holds every file that declares a collector, each under its own name', async () => {
    const folder = join(import.meta.dirname, '../../src/collectors');
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
    const declaring: string[] = [];
    for (const file of files) {
      const text = await readFile(join(folder, file), 'utf8');
      if (/^export const \w+: (Google|Probe|GitHub)Collector = /m.test(text))
        declaring.push(file.replace('.ts', ''));
    }
    expect(collectors.map(({ name }) => name).toSorted()).toEqual(declaring.toSorted());
  });

  it('documents every signal that any collector gives', async () => {
    const world = await startWorld();
    const repository = await startRepository();
    const snapshot = await collect({ configuration, github: repository.answers() }, world.deps);
    await Promise.all([world.close(), repository.close()]);
    const undocumented = snapshot.observations.filter(
      (seen) =>
        !collectors.some((collector) => collector.api === seen.source.api && documented(collector)(seen)),
    );
    expect(undocumented).toEqual([]);
  });
});
