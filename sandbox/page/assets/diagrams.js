/** Mermaid fences: drawn when they come into view, with the source at hand; where they cannot be drawn, the source stays. */
import { pictureOf } from './drawing.js';
import { element, markScrollers } from './patch.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const theme = () => (dark.matches ? 'dark' : 'light');

/** What is drawn, with its source, so that it is drawn anew in another theme. */
const drawn = new Map();

/** What a diagram says it shows, else its kind. */
function nameOf(source) {
  const title = /^\s*(?:accTitle|title)\s*:?\s*(.+)$/mu.exec(source)?.[1];
  const kind = /^\s*(?!---|%%)([a-z][\w-]*)/mu.exec(source)?.[1] ?? '';
  return `Diagram: ${title ?? kind}`.slice(0, 200);
}

function imageOf({ svg, width, height }, name) {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  image.alt = name;
  return image;
}

function button(text, onClick) {
  const node = document.createElement('button');
  node.type = 'button';
  node.textContent = text;
  node.addEventListener('click', onClick);
  return node;
}

function enlarge(image) {
  const dialog = element('enlarged');
  const canvas = dialog.querySelector('.canvas');
  canvas.replaceChildren(image.cloneNode());
  dialog.showModal();
  canvas.tabIndex =
    canvas.scrollWidth > canvas.clientWidth || canvas.scrollHeight > canvas.clientHeight ? 0 : -1;
}

/** Draws a source into a holder, which keeps what it shows until the picture is there. Rejects where it cannot. */
export async function drawInto(holder, source, name = nameOf(source)) {
  drawn.set(holder, { source, name });
  const asked = theme();
  const image = imageOf(await pictureOf(source, asked), name);
  if (drawn.get(holder)?.source !== source || asked !== theme()) return;
  await image.decode();
  const canvas = document.createElement('div');
  canvas.className = 'diagram';
  canvas.append(image);
  const enlarging = button('Enlarge', () => enlarge(image));
  enlarging.className = 'enlarge';
  holder.replaceChildren(canvas, enlarging);
  markScrollers(holder);
}

function sourceFold(pre) {
  const fold = document.createElement('details');
  fold.className = 'diagram-source';
  const summary = document.createElement('summary');
  summary.textContent = 'Source of the diagram';
  fold.append(summary, pre);
  return fold;
}

function note(pre, text) {
  const line = document.createElement('p');
  line.className = 'diagram-problem';
  line.textContent = text;
  pre.before(line);
}

async function drawFence(pre) {
  const source = pre.textContent;
  const holder = document.createElement('figure');
  holder.className = 'drawn';
  try {
    await drawInto(holder, source);
    if (!pre.isConnected) return;
    pre.before(holder);
    holder.after(sourceFold(pre));
    markScrollers(holder);
  } catch (error) {
    drawn.delete(holder);
    if (pre.isConnected) note(pre, `This diagram cannot be drawn: ${error.message.split('\n', 1)[0]}`);
  }
}

// What is folded away has no box, so it comes into view when its fold is opened.
const inView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      inView.unobserve(target);
      void drawFence(target);
    }
  },
  { rootMargin: '200px' },
);

/** Has the fences of a card drawn when they are seen. */
export function drawWithin(card) {
  for (const code of card.querySelectorAll('pre > code.language-mermaid')) inView.observe(code.parentElement);
}

dark.addEventListener('change', () => {
  for (const [holder, { source, name }] of drawn) {
    if (holder.isConnected) void drawInto(holder, source, name).catch(() => undefined);
    else drawn.delete(holder);
  }
});
