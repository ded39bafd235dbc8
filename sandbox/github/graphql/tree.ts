import { blobSha } from '../shapes/contents.ts';
import { sha1 } from '../shapes/user.ts';
import type { Repository } from '../state/world.ts';

/**
 * Files and folders at the head of the default branch, with what is in them. Of other files a scenario tells only that
 * they changed; those below `.github` are all there is.
 */

const ofHead = /^HEAD:(?<path>\.github(?:\/.+)?)$/u;

/** Whether an expression names something of which all is known. */
export function isKnownInFull(expression: string): boolean {
  return ofHead.test(expression);
}

/** What the expression names: type `Blob` or `Tree`; null where there is nothing. */
export function objectAt({ files }: Repository, expression: string) {
  const path = ofHead.exec(expression)?.groups?.['path']?.replace(/\/+$/u, '') ?? '';
  const text = files.get(path);
  return text === undefined ? tree(files, path) : blob(text);
}

function blob(text: string) {
  const isBinary = text.includes('\0');
  return {
    __typename: 'Blob',
    oid: blobSha(text),
    byteSize: Buffer.byteLength(text),
    isBinary,
    isTruncated: false,
    text: isBinary ? null : text,
  };
}

/** Type `Tree`: its entries in the order of their names. */
function tree(files: Repository['files'], path: string): object | null {
  const below = [...files].filter(([file]) => file.startsWith(`${path}/`));
  const names = new Set(below.map(([file]) => file.slice(path.length + 1).split('/')[0] ?? ''));
  if (names.size === 0) return null;
  return {
    __typename: 'Tree',
    oid: sha1(`tree ${path} ${below.map(([file, text]) => `${file} ${blobSha(text)}`).join(' ')}`),
    entries: [...names].sort().map((name) => {
      const text = files.get(`${path}/${name}`);
      return text === undefined
        ? { name, type: 'tree', mode: 0o40000, object: () => tree(files, `${path}/${name}`) }
        : { name, type: 'blob', mode: 0o100644, object: blob(text) };
    }),
  };
}
