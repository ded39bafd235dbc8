/** Writing: a command or one line, or several lines of Markdown. */
import { post } from './ask.js';
import { element } from './patch.js';
import './completion.js';

const problem = element('problem');
const buttons = [...document.querySelectorAll('#write button')];

async function write(body) {
  problem.hidden = true;
  for (const button of buttons) button.disabled = true;
  try {
    await post('/comments', { by: element('by').value, body });
    return true;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return false;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/** Sends what a field holds, and empties it where that was taken. */
async function send(field) {
  if (field.value.trim() === '' || !(await write(field.value))) return;
  field.value = '';
  field.focus();
}

element('write').addEventListener('submit', (event) => {
  event.preventDefault();
  void send(element('command'));
});

element('send').addEventListener('click', () => void send(element('body')));

element('body').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send(element('body'));
});

for (const button of document.querySelectorAll('[data-command]')) {
  button.addEventListener('click', () => void write(button.dataset.command));
}
