import { createHash } from 'node:crypto';
import type { Branch } from '../state/code.ts';
import type { Repository, World } from '../state/world.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';
import { sha1 } from './user.ts';
import type { Json } from './user.ts';

/** The id that git gives a file's content. */
export function blobSha(text: string): string {
  const content = Buffer.from(text);
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** A branch of a repository by its name. */
interface Tree {
  repository: Repository;
  branch: string;
}

function entry(
  world: World,
  { repository, branch }: Tree,
  path: string,
  type: 'file' | 'dir',
  sha: string,
  size: number,
): Json {
  const place = path.split('/').map(encodeURIComponent).join('/');
  const url = `${repositoryUrl(world, repository)}/contents/${place}?ref=${branch}`;
  const git = `${repositoryUrl(world, repository)}/git/${type === 'file' ? 'blobs' : 'trees'}/${sha}`;
  const html = `${repositoryPage(world, repository)}/${type === 'file' ? 'blob' : 'tree'}/${branch}/${place}`;
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha,
    size,
    url,
    html_url: html,
    git_url: git,
    download_url: type === 'file' ? `${repositoryPage(world, repository)}/raw/${branch}/${place}` : null,
    type,
    _links: { self: url, git, html },
  };
}

/** A file without its content, as schema `file-commit` has it. */
export function fileEntry(world: World, tree: Tree, path: string, text: string): Json {
  return entry(world, tree, path, 'file', blobSha(text), Buffer.byteLength(text));
}

/** Schema `content-file`; base64 in lines of 60, as GitHub breaks them. */
export function contentFile(world: World, tree: Tree, path: string, text: string): Json {
  const lines =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,60}/g) ?? [];
  return {
    ...fileEntry(world, tree, path, text),
    content: lines.map((line) => `${line}\n`).join(''),
    encoding: 'base64',
  };
}

/** Schema `content-directory`; null where no file lies below the path. */
export function contentDirectory(
  world: World,
  tree: Tree,
  files: Branch['files'],
  path: string,
): Json[] | null {
  const prefix = path === '' ? '' : `${path}/`;
  const children = new Map<string, Json>();
  for (const [file, text] of files) {
    if (!file.startsWith(prefix)) continue;
    const [name = '', ...rest] = file.slice(prefix.length).split('/');
    const child = `${prefix}${name}`;
    children.set(
      name,
      rest.length > 0
        ? entry(world, tree, child, 'dir', sha1(`tree ${child}`), 0)
        : fileEntry(world, tree, child, text),
    );
  }
  if (children.size === 0) return null;
  return [...children].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, child]) => child);
}
