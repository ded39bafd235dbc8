import { createHash } from 'node:crypto';
import type { Repository, World } from '../state/world.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';
import { sha1 } from './user.ts';
import type { Json } from './user.ts';

/** The id that git gives a file's content. */
function blobSha(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function entry(
  world: World,
  repository: Repository,
  path: string,
  type: 'file' | 'dir',
  sha: string,
  size: number,
): Json {
  const place = path.split('/').map(encodeURIComponent).join('/');
  const { defaultBranch: branch } = repository;
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

/** Schema `content-file`; base64 in lines of 60, as GitHub breaks them. */
export function contentFile(world: World, repository: Repository, path: string, text: string): Json {
  const content = Buffer.from(text);
  const lines = content.toString('base64').match(/.{1,60}/g) ?? [];
  return {
    ...entry(world, repository, path, 'file', blobSha(content), content.length),
    content: lines.map((line) => `${line}\n`).join(''),
    encoding: 'base64',
  };
}

/** Schema `content-directory`; null where no file lies below the path. */
export function contentDirectory(world: World, repository: Repository, path: string): Json[] | null {
  const prefix = path === '' ? '' : `${path}/`;
  const children = new Map<string, Json>();
  for (const [file, text] of repository.files) {
    if (!file.startsWith(prefix)) continue;
    const [name = '', ...rest] = file.slice(prefix.length).split('/');
    const child = `${prefix}${name}`;
    const content = Buffer.from(text);
    children.set(
      name,
      rest.length > 0
        ? entry(world, repository, child, 'dir', sha1(`tree ${child}`), 0)
        : entry(world, repository, child, 'file', blobSha(content), content.length),
    );
  }
  if (children.size === 0) return null;
  return [...children].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, child]) => child);
}
