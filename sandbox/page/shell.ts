import type { Scenario } from '../scenario/schema.ts';
import { html, trusted, type Html } from './html.ts';
import type { ThreadState } from './view.ts';

/** The whole document, with the thread in it: readable before the script has run. */
export function pageDocument(state: ThreadState, scenario: Scenario): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${scenario.title} · Sitrep sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/github-markdown.css" />
        <link rel="stylesheet" href="/page.css" />
        <script src="/page.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#write">Skip to writing a comment</a>
        ${clockBar(state.now)}
        <main>
          <div id="head" class="head">${trusted(state.head)}</div>
          <div id="items">${state.items.map(({ html: markup }) => trusted(markup))}</div>
          <div id="progress" class="progress" role="status">
            ${state.reading === null ? '' : `${state.reading} is reading…`}
          </div>
          ${writingBox(scenario)} ${scenario.about === '' ? '' : html`<p class="about">${scenario.about}</p>`}
        </main>
        <div id="live" class="sr-only" aria-live="polite"></div>
      </body>
    </html>`;
  return document.markup;
}

function clockBar(now: string): Html {
  return html`<header class="bar">
    <p class="brand"><strong>Sitrep</strong> <span>sandbox</span></p>
    <p class="clock">
      <span class="sr-only">The sandbox's clock: </span
      ><time id="clock" datetime="${now}">${clockText(now)}</time>
    </p>
    <button id="advance" type="button" data-minutes="30">
      <span class="sr-only">Advance the clock by 30 minutes</span><span aria-hidden="true">+30 min</span>
    </button>
    <p id="offline" class="offline" role="alert" hidden>The sandbox does not answer. Is it still running?</p>
  </header>`;
}

function clockText(now: string): string {
  return `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`;
}

function writingBox(scenario: Scenario): Html {
  const people = Object.entries(scenario.people).map(
    ([login, { role }]) => html`<option value="${login}">${login} · ${role}</option>`,
  );
  return html`<form id="write" class="write" aria-labelledby="write-title">
    <h2 id="write-title">Add a comment</h2>
    <noscript><p>Writing and live updates need JavaScript.</p></noscript>
    <div class="who">
      <label for="by">Write as</label>
      <select id="by" name="by">
        ${people}
      </select>
    </div>
    <label for="body" class="sr-only">Comment</label>
    <textarea
      id="body"
      name="body"
      rows="5"
      placeholder="/status, /sitrep help, or anything a person would write"
    ></textarea>
    <p id="problem" class="problem" role="alert" hidden></p>
    <div class="buttons">
      <button id="quick-status" type="button" data-command="/status"><code>/status</code></button>
      <button id="send" type="submit" class="primary">Comment</button>
    </div>
  </form>`;
}
