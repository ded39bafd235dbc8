import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');

/** Where the package lies: beside the checkout's node_modules, so that nothing has to be installed for it. */
const target = path.join(root, '.cache', 'packed');

/** Builds what is published, and lays it out as the package has it; gives the path of the command. */
export async function layOutPackage(): Promise<string> {
  await run(process.execPath, [path.join(root, 'scripts', 'build.ts')]);
  await rm(target, { recursive: true, force: true });
  for (const part of ['bin', 'dist', 'package.json'])
    await cp(path.join(root, part), path.join(target, part), { recursive: true });
  return path.join(target, 'bin', 'sitrep.js');
}
