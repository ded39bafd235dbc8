/** The page's script: follows what happens in the sandbox, and shows it. */
import { get, oneAtATime } from './ask.js';
import { watchBoxes } from './boxes.js';
import { refreshComponents, refreshRequests } from './panels.js';
import { dress, element, patch } from './patch.js';
import { known, showCards } from './thread.js';
import { showControls } from './controls.js';
import './composer.js';

function showClock(now) {
  element('clock').dateTime = now;
  element('clock').textContent = `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`;
}

let title = document.title;
let first = true;

function show(state) {
  const whole = `${state.title} · Sitrep sandbox`;
  if (whole !== title) {
    title = whole;
    document.title = whole;
    first = true;
    scrollTo(0, 0);
  }
  patch(element('head'), state.head);
  const added = showCards(state.items);
  showControls(state);
  showClock(state.now);
  element('under-way').textContent = state.underWay.join(' · ');
  if (!first && added.length > 0) {
    element('live').textContent = added.map((card) => `New comment by ${card.by}.`).join(' ');
  }
  first = false;
}

/** Fetches the state; changes that come meanwhile are fetched once afterwards. */
const refresh = oneAtATime(async () => {
  try {
    const response = await get(`/thread?have=${encodeURIComponent(known())}`);
    show(await response.json());
    element('offline').hidden = true;
  } catch {
    element('offline').hidden = false;
  }
});

watchBoxes(element('items'), refresh);

const events = new EventSource('/events');
events.addEventListener('change', () => {
  void refresh();
  void refreshComponents();
  void refreshRequests();
});
events.addEventListener('clock', (event) => showClock(event.data));
events.addEventListener('requests', () => void refreshRequests());
events.addEventListener('error', () => (element('offline').hidden = false));

dress(document);
