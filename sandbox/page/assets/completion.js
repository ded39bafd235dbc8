/** The combobox for commands: a list of what can be written, with usage, role and help. */
import { get } from './ask.js';
import { element } from './patch.js';

const input = element('command');
const list = element('offers');

let offers = null;
let roles = [];
/** What is offered now, and which of it is active. */
let fitting = [];
let active = -1;

async function load() {
  offers ??= get('/commands').then((response) => response.json());
  try {
    const all = await offers;
    roles = all.roles;
    return all.offers;
  } catch {
    offers = null; // tried again with the next key
    return [];
  }
}

/** `/sta` finds `/status` and `/sitrep stage`: people know the word, not the prefix. */
function fits({ text }, typed) {
  const line = text.toLowerCase();
  return line.startsWith(typed) || line.startsWith(`/sitrep ${typed.slice(1)}`);
}

function isOpen() {
  return !list.hidden;
}

function close() {
  list.hidden = true;
  list.replaceChildren();
  fitting = [];
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
  active = -1;
}

function part(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** Words with what is code in them, between back ticks. */
function helpOf(text) {
  const help = part('span', 'offer-help', '');
  help.append(...text.split('`').map((words, index) => (index % 2 === 1 ? part('code', '', words) : words)));
  return help;
}

function optionOf(offer, index) {
  const option = part('li', 'offer', '');
  option.id = `offer-${index}`;
  option.role = 'option';
  const held = element('by').selectedOptions[0]?.dataset.role ?? 'none';
  const suffices = roles.indexOf(held) >= roles.indexOf(offer.role);
  const head = part('span', 'offer-head', '');
  head.append(
    part('code', '', offer.text.trim()),
    ' ',
    part(
      'span',
      suffices ? 'badge' : 'badge lacking',
      suffices ? offer.role : `${offer.role}, you have ${held}`,
    ),
  );
  option.append(head, ' ', helpOf(offer.help));
  if (offer.usage.trim() !== offer.text.trim()) option.append(' ', part('span', 'offer-usage', offer.usage));
  option.addEventListener('pointerdown', (event) => event.preventDefault()); // the field keeps the focus
  option.addEventListener('click', () => take(index));
  return option;
}

function activate(index) {
  list.children[active]?.setAttribute('aria-selected', 'false');
  active = (index + fitting.length) % fitting.length;
  const option = list.children[active];
  option.setAttribute('aria-selected', 'true');
  option.scrollIntoView({ block: 'nearest' });
  input.setAttribute('aria-activedescendant', option.id);
}

async function suggest() {
  const typed = input.value.trimStart().toLowerCase();
  if (!typed.startsWith('/')) return close();
  const all = await load();
  if (input.value.trimStart().toLowerCase() !== typed) return; // another key came meanwhile
  fitting = all.filter((one) => fits(one, typed) && one.text !== typed);
  if (fitting.length === 0) return close();
  list.replaceChildren(...fitting.map(optionOf));
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  active = -1;
  activate(0);
}

function take(index) {
  input.value = fitting[index].text;
  close();
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
}

const keys = {
  ArrowDown: () => activate(active + 1),
  ArrowUp: () => activate(active - 1),
  Enter: () => take(active),
  Tab: () => take(active),
  Escape: close,
};

input.addEventListener('input', () => void suggest());
input.addEventListener('blur', close);
element('by').addEventListener('change', close);
input.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (!isOpen()) {
    if (event.key === 'ArrowDown' && input.value.startsWith('/')) void suggest();
    return;
  }
  const act = event.shiftKey ? undefined : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
