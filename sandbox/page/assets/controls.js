/** What a person does beside writing. The controls are replaced with the state, so their holder listens. */
import { act } from './ask.js';
import { element, patch } from './patch.js';

const holder = element('simulation');
const by = element('by');

function showPerson() {
  for (const output of document.querySelectorAll('.acting')) output.textContent = by.value;
}

/** Shows controls and people as they are; who was chosen stays so where they are still there. */
export function showControls({ scenario, controls, people }) {
  const chosen = by.value;
  if (patch(by, people) && [...by.options].some(({ value }) => value === chosen)) by.value = chosen;
  patch(element('scenarios'), scenario);
  patch(element('controls'), controls);
  showPerson();
}

by.addEventListener('change', showPerson);

holder.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target.id === 'scenario') void act('/scenario', { name: element('scenario-name').value });
});

const presses = {
  'toggle-issue': ({ dataset }) => act('/issue', { by: by.value, state: dataset.state }),
  'deliver-twice': () => act('/deliveries', {}),
};

holder.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (button && button.id in presses) void presses[button.id](button);
});

/** A box shows what is so: where it could not be changed, it goes back. */
async function change(box, path, body) {
  if (!(await act(path, body))) box.checked = !box.checked;
}

holder.addEventListener('change', ({ target }) => {
  const { label, fault, wayOf } = target.dataset;
  if (label !== undefined) {
    void change(target, '/labels', { by: by.value, label, set: target.checked });
  } else if (fault !== undefined) {
    void change(target, '/faults', { id: fault, way: target.checked ? element(`way-${fault}`).value : null });
  } else if (wayOf !== undefined && element(`fault-${wayOf}`).checked) {
    void act('/faults', { id: wayOf, way: target.value });
  }
});

for (const button of document.querySelectorAll('[data-minutes]')) {
  button.addEventListener('click', () => void act('/clock', { minutes: Number(button.dataset.minutes) }));
}

showPerson();
