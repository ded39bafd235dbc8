/** The cards of the thread: those that changed are replaced, and what a reader has opened stays open. */
import { boxesOf, enableBoxes } from './boxes.js';
import { drawWithin } from './diagrams.js';
import { dress, element, fragment } from './patch.js';

const items = element('items');

/** Folds that a reader has opened stay open when their card is replaced. */
function keepFolds(old, fresh) {
  const folds = '.markdown-body details:not(.diagram-source)';
  const opened = [...old.querySelectorAll(folds)].map((fold) => fold.open);
  fresh.querySelectorAll(folds).forEach((fold, index) => {
    if (opened[index] !== undefined) fold.open = opened[index];
  });
}

function dressCard(card) {
  enableBoxes(card);
  dress(card);
  drawWithin(card);
}

/** More would not fit into a request's line. */
const mostKnown = 200;

/** What the page shows already, so that it is not sent again. */
export function known() {
  return [...items.children]
    .slice(-mostKnown)
    .map((card) => `${card.id}:${card.dataset.version}`)
    .join(',');
}

/** Shows the cards in their order; gives those that are new. */
export function showCards(cards) {
  const there = new Set(cards.map((card) => card.id));
  for (const old of items.querySelectorAll(':scope > *')) if (!there.has(old.id)) old.remove();
  const added = [];
  for (const card of cards) {
    const old = element(card.id);
    if (card.html === null || old?.dataset.version === card.version) continue;
    const fresh = fragment(card.html).firstElementChild;
    if (old) {
      keepFolds(old, fresh);
      const focused = boxesOf(old).indexOf(document.activeElement);
      old.replaceWith(fresh);
      dressCard(fresh);
      if (focused >= 0) boxesOf(fresh)[focused]?.focus();
    } else {
      items.append(fresh);
      dressCard(fresh);
      added.push(card);
    }
  }
  return added;
}

for (const card of items.children) dressCard(card);
