import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A Markdown file of the repository. */
export interface DocumentPage {
  /** From the root, with slashes. */
  path: string;
  text: string;
}

/** Every file that belongs to the repository, whether it was added yet or not; paths from the root, in their exact case. */
export const repositoryFiles: readonly string[] = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\0')
  .filter((file) => file !== '');

/** The pages that people read; what tests keep beside them as Markdown is none. */
export const documentPages: readonly DocumentPage[] = repositoryFiles
  .filter((file) => file.endsWith('.md') && !file.startsWith('test/'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** A path of the repository as a file of this machine. */
export const fileOf = (path: string): string => join(root, path);
