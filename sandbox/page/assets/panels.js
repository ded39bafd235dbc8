/** The graph of the components and the requests of the app. */
import { get, oneAtATime } from './ask.js';
import { drawInto } from './diagrams.js';
import { element, patch } from './patch.js';

let source = '';
let seen = false;

async function showGraph({ source: fresh, summary, html }) {
  element('components-summary').textContent = summary;
  patch(element('components-table'), html);
  if (fresh === source) return;
  source = fresh;
  if (seen) await drawGraph();
}

async function drawGraph() {
  if (source === '') return element('graph').replaceChildren();
  try {
    await drawInto(
      element('graph'),
      source,
      'Graph of the components and their states; the table below says the same',
    );
  } catch {
    element('components-fold').open = true; // the table says the same
  }
}

// The library is large: it is loaded when the graph comes into view, after the thread is there.
new IntersectionObserver((entries, observer) => {
  if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
  observer.disconnect();
  seen = true;
  void drawGraph();
}).observe(element('graph'));

/** Looks at the components again. */
export const refreshComponents = oneAtATime(async () => {
  try {
    await showGraph(await (await get('/components')).json());
  } catch {
    // the thread's own refresh tells that the sandbox does not answer
  }
});

/** Looks at the requests again. */
export const refreshRequests = oneAtATime(async () => {
  const to = document.querySelector('input[name=to]:checked')?.value ?? 'all';
  try {
    patch(element('requests'), await (await get(`/requests?to=${to}`)).text());
  } catch {
    // as above
  }
});

for (const radio of document.querySelectorAll('input[name=to]')) {
  radio.addEventListener('change', () => void refreshRequests());
}
