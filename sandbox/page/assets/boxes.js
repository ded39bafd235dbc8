/** Ticking boxes of the living comment, as GitHub lets people do it. */
import { act } from './ask.js';
import { element } from './patch.js';

export function boxesOf(card) {
  return [...card.querySelectorAll('.markdown-body .task-list-item input[type=checkbox]')];
}

const isTickable = (card) => card?.dataset.boxes === 'living';

/** Lets the boxes of a card be ticked where it is the living comment. */
export function enableBoxes(card) {
  if (isTickable(card)) for (const box of boxesOf(card)) box.disabled = false;
}

/** The comment may have changed since: the box is looked up in it as it is now. */
async function tick({ id }, index, name, ticked, refresh) {
  await refresh();
  const card = element(id);
  const box = card && boxesOf(card)[index];
  if (!isTickable(card) || box?.ariaLabel !== name || box.defaultChecked === ticked) return;
  box.checked = ticked;
  const { comment, version } = card.dataset;
  const sent = { by: element('by').value, comment: Number(comment), version, box: index, ticked };
  if (!(await act('/boxes', sent))) box.checked = !ticked;
}

/** Ticks one after the other; `refresh` brings the thread up to date before each. */
export function watchBoxes(items, refresh) {
  let last = Promise.resolve();
  items.addEventListener('change', ({ target }) => {
    const card = target.closest('article');
    const index = isTickable(card) ? boxesOf(card).indexOf(target) : -1;
    if (index < 0) return;
    const { ariaLabel, checked } = target;
    last = last.then(() => tick(card, index, ariaLabel, checked, refresh));
  });
}
