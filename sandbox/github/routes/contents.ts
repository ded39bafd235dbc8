import { z } from 'zod';
import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { notAccessible, notFound, refused } from '../errors.ts';
import { demandModelled } from '../modelled.ts';
import { fileCommit } from '../shapes/commit.ts';
import { blobSha, contentDirectory, contentFile, fileEntry } from '../shapes/contents.ts';
import { branchNamed, commitFile } from '../state/branches.ts';
import type { Branch } from '../state/code.ts';

/** Files of a branch, as its newest commit has them. */

function pathOf(call: RepositoryCall): string {
  return (call.path['path'] ?? '').replace(/^\/+|\/+$/g, '');
}

/** Files are known as they are on a branch: at the newest commit of the default one they are taken to be the same. */
function branchAt({ world, repository, query }: RepositoryCall): { name: string; branch: Branch } {
  const { defaultBranch, commits } = repository;
  const ref = query.get('ref') ?? defaultBranch;
  const name = ref === commits[0]?.sha ? defaultBranch : ref.replace(/^refs\/heads\//u, '');
  const branch = branchNamed(world, repository, name);
  if (branch) return { name, branch };
  throw refused(
    404,
    `No commit found for the ref ${ref}`,
    `contents at ${ref}: the stand-in has no such branch`,
  );
}

export const getContent: RepositoryHandler = (call) => {
  const { world, repository, media } = call;
  const path = pathOf(call);
  const { name, branch } = branchAt(call);
  const tree = { repository, branch: name };
  const text = branch.files.get(path);
  if (text !== undefined)
    return { status: 200, body: media === 'raw' ? text : contentFile(world, tree, path, text) };
  const directory = contentDirectory(world, tree, branch.files, path);
  if (!directory) throw notFound();
  return { status: 200, body: directory };
};

const sentFile = z.object({
  message: z.string(),
  content: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
});

/** The text that was sent in base64, which may be broken into lines. */
function textOf(content: string): string {
  const base64 = content.replaceAll('\n', '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64)
    throw refused(422, 'content is not valid Base64', 'content: it is no base64');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes))
    throw refused(422, 'binary files are not modelled', 'content: the stand-in takes UTF-8 only');
  return text;
}

/** Whoever replaces a file names what they replace. A file that has become another one is 409 in the ordinary course. */
function demandReplaced(path: string, known: string | undefined, sha: string | undefined): void {
  if (known === undefined) {
    if (sha === undefined) return;
    throw refused(
      422,
      `sha ${sha} is given for no file`,
      `${path}: a sha is given, and there is no such file`,
    );
  }
  if (sha === undefined)
    throw refused(422, `Invalid request.\n\n"sha" wasn't supplied.`, `${path} is there: its sha is needed`);
  if (sha !== blobSha(known)) throw refused(409, `${path} does not match ${sha}`, null);
}

function demandPath(path: string): void {
  if (path === '' || path.split('/').some((part) => ['', '.', '..', '.git'].includes(part)))
    throw refused(422, 'path contains a malformed path component', `${path}: no path of a file`);
  if (path.startsWith('.github/workflows/'))
    throw notAccessible(`${path}: workflows: write is needed, which the stand-in does not model`);
}

export const putContent: RepositoryHandler = (call) => {
  const { world, repository, author } = call;
  const given = z.record(z.string(), z.unknown()).parse(call.body);
  demandModelled(Object.keys(given), Object.keys(sentFile.shape));
  const { message, content, sha, branch: name = repository.defaultBranch } = sentFile.parse(given);
  const path = pathOf(call);
  demandPath(path);
  const branch = branchNamed(world, repository, name);
  if (!branch) throw refused(404, `Branch ${name} not found`, `branch ${name}: there is none`);
  const before = branch.files.get(path);
  demandReplaced(path, before, sha);
  const text = textOf(content);
  const made = commitFile(world, repository, name, author, { path, text, message });
  const { commits } = branchNamed(world, repository, name) ?? { commits: [] };
  return {
    status: before === undefined ? 201 : 200,
    body: {
      content: fileEntry(world, { repository, branch: name }, path, text),
      commit: fileCommit(world, repository, made, commits),
    },
  };
};
