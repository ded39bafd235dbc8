import { html, trusted, type Html } from './html.ts';
import type { PageState } from './state.ts';
import { wholeTime } from './times.ts';

/** The whole document, with the thread in it: readable before the script has run. */
export function pageDocument(state: PageState): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${state.title} · Sitrep sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/github-markdown.css" />
        <link rel="stylesheet" href="/page.css" />
        <link rel="stylesheet" href="/thread.css" />
        <link rel="stylesheet" href="/panels.css" />
        <script src="/page.js" type="module"></script>
      </head>
      <body>
        <a class="skip" href="#command">Skip to writing</a>
        ${bar(state.now)}
        <main>
          <div id="head" class="head">${trusted(state.head)}</div>
          <div class="columns">
            <div class="thread">
              <div id="items">${state.items.map(({ html: markup }) => trusted(markup))}</div>
              ${writingBox(state)}
            </div>
            <aside id="simulation" aria-label="The simulation">
              <div id="scenarios">${trusted(state.scenario)}</div>
              ${componentsPanel()} ${requestsPanel()}
              <div id="controls">${trusted(state.controls)}</div>
            </aside>
          </div>
        </main>
        <p id="under-way" class="under-way" role="status">${state.underWay.join(' · ')}</p>
        <p id="said" class="said" role="status"></p>
        <div id="live" class="sr-only" aria-live="polite"></div>
        ${enlargement()}
      </body>
    </html>`;
  return document.markup;
}

const advances = [
  { minutes: 10, text: '10 min', spoken: '10 minutes' },
  { minutes: 30, text: '30 min', spoken: '30 minutes' },
  { minutes: 120, text: '2 h', spoken: '2 hours' },
];

function bar(now: string): Html {
  const buttons = advances.map(
    ({ minutes, text, spoken }) =>
      html`<button type="button" data-minutes="${minutes}">
        <span class="sr-only">Advance the clock by ${spoken}</span><span aria-hidden="true">+${text}</span>
      </button>`,
  );
  return html`<header class="bar">
    <p class="brand"><strong>Sitrep</strong></p>
    <p class="simulation">
      <strong>Simulation</strong
      ><span class="wide">: no real incident, GitHub or Google Cloud behind it</span>
    </p>
    <a class="to-controls" href="#simulation">Controls</a>
    <p class="clock">
      <span class="sr-only">The sandbox's clock: </span
      ><time id="clock" datetime="${now}">${wholeTime(now)}</time>
    </p>
    <div class="advances" role="group" aria-label="Clock">${buttons}</div>
    <p id="offline" class="offline" role="alert" hidden>The sandbox does not answer. Is it still running?</p>
  </header>`;
}

function writingBox(state: PageState): Html {
  return html`<form id="write" class="write" aria-labelledby="write-title">
    <h2 id="write-title">Add a comment</h2>
    <noscript><p>Writing and live updates need JavaScript.</p></noscript>
    <div class="row">
      <label for="by">Write as</label>
      <select id="by" name="by">
        ${trusted(state.people)}
      </select>
    </div>
    <div class="row">
      <div class="combo">
        <label for="command" class="sr-only">Command</label>
        <input
          id="command"
          type="text"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded="false"
          aria-controls="offers"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          maxlength="2000"
          placeholder="Type / for commands"
        />
        <ul id="offers" role="listbox" aria-label="Commands" hidden></ul>
      </div>
      <button id="run" type="submit" class="primary">Send</button>
    </div>
    <div class="row quick">
      <span>Try</span>
      <button type="button" data-command="/status"><code>/status</code></button>
      <button type="button" data-command="/sitrep help"><code>/sitrep help</code></button>
      <button type="button" data-command="/sitrep lead"><code>/sitrep lead</code></button>
    </div>
    <p id="problem" class="problem" role="alert" hidden></p>
    <details id="longer">
      <summary>Write several lines</summary>
      <label for="body" class="sr-only">Comment</label>
      <textarea id="body" name="body" rows="6" placeholder="Markdown, as on GitHub"></textarea>
      <div class="row end"><button id="send" type="button" class="primary">Comment</button></div>
    </details>
  </form>`;
}

function componentsPanel(): Html {
  return html`<section class="panel" aria-labelledby="components-title">
    <h2 id="components-title">Components</h2>
    <p id="components-summary" class="hint"></p>
    <div id="graph"></div>
    <details id="components-fold">
      <summary>As a table</summary>
      <div id="components-table"></div>
    </details>
  </section>`;
}

function requestsPanel(): Html {
  const filters = ['all', 'GitHub', 'Google'].map(
    (to) =>
      html`<label class="check"
        ><input type="radio" name="to" value="${to}" ${to === 'all' ? html`checked` : ''} /> ${
          to === 'all' ? 'All' : to
        }</label
      >`,
  );
  return html`<section class="panel" aria-labelledby="requests-title">
    <h2 id="requests-title">Requests of the app</h2>
    <fieldset class="filters">
      <legend class="sr-only">Whose requests are shown</legend>
      ${filters}
    </fieldset>
    <div id="requests"></div>
  </section>`;
}

function enlargement(): Html {
  return html`<dialog id="enlarged" class="enlarged" aria-label="Diagram, enlarged">
    <form method="dialog"><button type="submit">Close</button></form>
    <div class="canvas"></div>
  </dialog>`;
}
