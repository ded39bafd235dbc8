/**
 * Pictures of diagrams. Foreign text is drawn in a frame without an origin; what comes back is shown as an image, in
 * which nothing runs and from which nothing is loaded.
 */

/** Drawing takes a second at most; a text that takes so long is one that ties the library up. */
const patience = 15_000;
const kept = 60;

const pictures = new Map();
const waiting = new Map();
let frame = null;
let count = 0;

function openFrame() {
  const node = document.createElement('iframe');
  node.className = 'drawing-frame';
  node.title = 'Draws diagrams, out of sight';
  node.setAttribute('sandbox', 'allow-scripts');
  node.setAttribute('aria-hidden', 'true');
  node.tabIndex = -1;
  node.src = '/diagram';
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the drawing did not start')), patience);
    addEventListener('message', function onReady({ source, data }) {
      if (source !== node.contentWindow || data?.ready !== true) return;
      clearTimeout(timer);
      removeEventListener('message', onReady);
      resolve();
    });
  });
  document.body.append(node);
  return { node, ready };
}

function closeFrame() {
  frame?.node.remove();
  frame = null;
}

addEventListener('message', ({ source, data }) => {
  if (frame === null || source !== frame.node.contentWindow) return;
  const answer = waiting.get(data?.id);
  if (!answer) return;
  waiting.delete(data.id);
  if (typeof data.svg === 'string')
    answer.resolve({ svg: data.svg, width: Number(data.width), height: Number(data.height) });
  else answer.reject(new Error(String(data.error ?? 'it has no picture').slice(0, 300)));
});

async function ask(source, theme) {
  frame ??= openFrame();
  const own = frame;
  try {
    await own.ready;
  } catch (error) {
    if (frame === own) closeFrame();
    throw error;
  }
  const id = (count += 1);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(id);
      if (frame === own) closeFrame();
      reject(new Error('it takes too long'));
    }, patience);
    const settle = (how) => (value) => {
      clearTimeout(timer);
      how(value);
    };
    waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
    own.node.contentWindow.postMessage({ id, source, theme }, '*'); // it has no origin that could be named
  });
}

/** The picture of a diagram in the theme: `{ svg, width, height }`. Rejects with the reason where there is none. */
export function pictureOf(source, theme) {
  const key = `${theme}\n${source}`;
  const known = pictures.get(key);
  if (known) return known;
  if (pictures.size >= kept) pictures.delete(pictures.keys().next().value);
  const picture = ask(source, theme);
  pictures.set(key, picture);
  picture.catch(() => pictures.delete(key));
  return picture;
}
