/** Putting the server's markup into the page. It was escaped or sanitised there. */

export const element = (id) => document.getElementById(id);

export function fragment(markup) {
  const template = document.createElement('template');
  template.innerHTML = markup;
  return template.content;
}

const shown = new WeakMap();

/** Replaces what an element holds, where it differs. Focus and opened folds stay with what has the same id. */
export function patch(holder, markup) {
  if (shown.get(holder) === markup) return false;
  shown.set(holder, markup);
  const focused = holder.contains(document.activeElement) ? document.activeElement.id : '';
  const open = new Map([...holder.querySelectorAll('details[id]')].map((fold) => [fold.id, fold.open]));
  const scrolled = holder.querySelector('.scroll')?.scrollTop ?? 0;
  holder.replaceChildren(fragment(markup));
  for (const [id, isOpen] of open) {
    const fold = element(id);
    if (fold) fold.open = isOpen;
  }
  const scroller = holder.querySelector('.scroll');
  if (scroller) scroller.scrollTop = scrolled;
  if (focused !== '') element(focused)?.focus();
  dress(holder);
  return true;
}

/** What the policy forbids in markup, and what only the laid-out page knows. */
export function dress(holder) {
  for (const label of holder.querySelectorAll('[data-color]')) {
    label.style.setProperty('--label', `#${label.dataset.color}`);
  }
  for (const link of holder.querySelectorAll('.markdown-body a[href^="http"]')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  markScrollers(holder);
}

/** What scrolls sideways can be reached and scrolled by keyboard; it can be told only once it is laid out. */
export function markScrollers(holder) {
  for (const box of holder.querySelectorAll('.markdown-body table, .markdown-body pre, .scroll, .diagram')) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}

document.addEventListener('toggle', (event) => markScrollers(event.target), { capture: true });
addEventListener('resize', () => markScrollers(document));
