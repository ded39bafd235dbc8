import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ownFile } from '../../src/own-files.ts';

const own = (name: string): string => ownFile(`sandbox/page/assets/${name}`);

const script = 'text/javascript';
const style = 'text/css';

/** What is served as it lies on the disk, and nothing else. */
const assets: Readonly<Record<string, { file: string; type: string }>> = {
  '/page.js': { file: own('page.js'), type: script },
  '/ask.js': { file: own('ask.js'), type: script },
  '/patch.js': { file: own('patch.js'), type: script },
  '/boxes.js': { file: own('boxes.js'), type: script },
  '/thread.js': { file: own('thread.js'), type: script },
  '/composer.js': { file: own('composer.js'), type: script },
  '/completion.js': { file: own('completion.js'), type: script },
  '/controls.js': { file: own('controls.js'), type: script },
  '/panels.js': { file: own('panels.js'), type: script },
  '/diagrams.js': { file: own('diagrams.js'), type: script },
  '/drawing.js': { file: own('drawing.js'), type: script },
  '/draw-in-frame.js': { file: own('draw-in-frame.js'), type: script },
  '/mermaid.js': { file: fileURLToPath(import.meta.resolve('@mermaid-js/tiny')), type: script },
  '/page.css': { file: own('page.css'), type: style },
  '/thread.css': { file: own('thread.css'), type: style },
  '/panels.css': { file: own('panels.css'), type: style },
  '/github-markdown.css': {
    file: fileURLToPath(import.meta.resolve('github-markdown-css/github-markdown.css')),
    type: style,
  },
};

/** Scripts of the frame that draws diagrams, in the order in which they run. */
export const frameScripts = ['/mermaid.js', '/draw-in-frame.js'] as const;

export interface Asset {
  type: string;
  content: Buffer;
}

/** The asset of a path; null where there is none. */
export async function assetAt(path: string): Promise<Asset | null> {
  const asset = Object.hasOwn(assets, path) ? assets[path] : undefined;
  return asset ? { type: asset.type, content: await readFile(asset.file) } : null;
}
