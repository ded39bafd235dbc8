/**
 * The page's script: follows the thread, writes comments, moves the clock. All markup that it puts into the page
 * was escaped or sanitised by the server.
 */
const element = (id) => document.getElementById(id);
const items = element('items');
const problem = element('problem');

/** Labels carry their colour as data: the page's policy allows no style attribute, but allows this. */
function paintLabels() {
  for (const label of document.querySelectorAll('[data-color]')) {
    label.style.setProperty('--label', `#${label.dataset.color}`);
  }
}

function fragment(markup) {
  const template = document.createElement('template');
  template.innerHTML = markup;
  return template.content;
}

/** Folds that a reader has opened stay open when their card is replaced. */
function keepFolds(old, fresh) {
  const folds = '.markdown-body details';
  const opened = [...old.querySelectorAll(folds)].map((fold) => fold.open);
  fresh.querySelectorAll(folds).forEach((fold, index) => {
    if (opened[index] !== undefined) fold.open = opened[index];
  });
}

function showCards(cards) {
  const known = new Set(cards.map((card) => card.id));
  for (const old of items.querySelectorAll(':scope > *')) if (!known.has(old.id)) old.remove();
  const added = [];
  for (const card of cards) {
    const old = element(card.id);
    if (old && old.dataset.version === card.version) continue;
    const fresh = fragment(card.html).firstElementChild;
    fresh.dataset.version = card.version;
    if (old) {
      keepFolds(old, fresh);
      old.replaceWith(fresh);
    } else {
      items.append(fresh);
      added.push(card);
    }
  }
  return added;
}

function showClock(now) {
  element('clock').dateTime = now;
  element('clock').textContent = `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`;
}

function show(state, announce) {
  if (element('head').dataset.markup !== state.head) {
    element('head').replaceChildren(fragment(state.head));
    element('head').dataset.markup = state.head;
  }
  const added = showCards(state.items);
  paintLabels();
  showClock(state.now);
  element('progress').textContent = state.reading ? `${state.reading} is reading…` : '';
  if (announce && added.length > 0) {
    element('live').textContent = added.map((card) => `New comment by ${card.by}.`).join(' ');
  }
}

let fetching = false;
let stale = false;
let first = true;

/** Fetches the thread; changes that come meanwhile are fetched once afterwards. */
async function refresh() {
  if (fetching) {
    stale = true;
    return;
  }
  fetching = true;
  try {
    const response = await fetch('/thread');
    if (!response.ok) throw new Error(await problemOf(response));
    show(await response.json(), !first);
    first = false;
    element('offline').hidden = true;
  } catch {
    element('offline').hidden = false;
  } finally {
    fetching = false;
  }
  if (stale) {
    stale = false;
    await refresh();
  }
}

async function problemOf(response) {
  const answer = await response.json().catch(() => ({}));
  return answer.error ?? `The sandbox answered ${response.status}.`;
}

async function post(path, body) {
  problem.hidden = true;
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await problemOf(response));
    return true;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return false;
  }
}

async function comment(body) {
  const buttons = [element('send'), element('quick-status')];
  for (const button of buttons) button.disabled = true;
  const sent = await post('/comments', { by: element('by').value, body });
  for (const button of buttons) button.disabled = false;
  if (!sent) return false;
  await refresh();
  element('write').scrollIntoView({ block: 'nearest' });
  return true;
}

async function submit() {
  const box = element('body');
  if (box.value.trim() !== '' && (await comment(box.value))) box.value = '';
}

element('write').addEventListener('submit', (event) => {
  event.preventDefault();
  void submit();
});

element('body').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element('write').requestSubmit();
});

element('quick-status').addEventListener('click', (event) => {
  void comment(event.currentTarget.dataset.command);
});

element('advance').addEventListener('click', (event) => {
  void post('/clock', { minutes: Number(event.currentTarget.dataset.minutes) });
});

const events = new EventSource('/events');
events.addEventListener('change', () => {
  void refresh();
});
events.addEventListener('clock', (event) => showClock(event.data));
events.addEventListener('error', () => {
  element('offline').hidden = false;
});
paintLabels();
