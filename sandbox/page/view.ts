import type { Scenario } from '../scenario/schema.ts';
import { html, type Html } from './html.ts';
import type { ThreadComment, ThreadIssue, ThreadPort } from './port.ts';

/** One card of the thread. `version` changes with its content, so that the browser replaces only what changed. */
interface ThreadItem {
  id: string;
  by: string;
  version: string;
  html: string;
}

/** What the browser shows, as one object. */
export interface ThreadState {
  now: string;
  head: string;
  items: ThreadItem[];
  /** Names of the app while an accepted command has no outcome yet; null at rest. */
  reading: string | null;
}

export interface ViewParts {
  github: ThreadPort;
  scenario: Scenario;
  focus: number;
  now: Date;
  markdown: (text: string) => Html;
}

/** The thread as it stands now. */
export function threadState({ github, scenario, focus, now, markdown }: ViewParts): ThreadState {
  const issue = github.issue(focus);
  const comments = github.thread(focus);
  const opening: ThreadComment = { ...issue, ...unremarkable, id: 0, bot: false };
  const card = (comment: ThreadComment): ThreadItem => {
    const markup = commentCard(comment, scenario, markdown).markup;
    return { id: `comment-${comment.id}`, by: comment.by, version: fingerprint(markup), html: markup };
  };
  return {
    now: now.toISOString(),
    head: issueHead(issue, scenario).markup,
    items: [opening, ...comments].map(card),
    reading: comments.some(isBeingAnswered) ? 'Sitrep' : null,
  };
}

/** A comment to which nothing has happened: what an issue's own text is shown as. */
const unremarkable = { editedAt: null, reactions: [], minimized: null, pinned: false };

const outcomes = ['rocket', 'confused', '-1'];

/** 👀 is set when a command is accepted, and an outcome when it is done. */
function isBeingAnswered(comment: ThreadComment): boolean {
  return comment.reactions.includes('eyes') && !outcomes.some((one) => comment.reactions.includes(one));
}

function issueHead(issue: ThreadIssue, scenario: Scenario): Html {
  const open = issue.state === 'open';
  const { owner, name, private: hidden } = scenario.repository;
  return html`<p class="repository">
      ${owner}/<strong>${name}</strong> <span class="badge">${hidden ? 'Private' : 'Public'}</span>
    </p>
    <h1>${issue.title} <span class="number">#${issue.number}</span></h1>
    <div class="meta">
      <span class="state ${open ? 'open' : 'closed'}">${open ? 'Open' : 'Closed'}</span>
      <ul class="labels" aria-label="Labels">
        ${issue.labels.map((label) => labelChip(label, colorOf(label, scenario)))}
      </ul>
    </div>`;
}

function colorOf(label: string, scenario: Scenario): string {
  const known = scenario.labels.find((one) => one.name.toLowerCase() === label.toLowerCase());
  return known && /^[0-9a-f]{6}$/i.test(known.color) ? known.color : 'ededed';
}

/** The colour is set by the script: the page's policy allows no style attribute. */
function labelChip(name: string, color: string): Html {
  const channel = (from: number): number => Number.parseInt(color.slice(from, from + 2), 16);
  const brightness = (channel(0) * 299 + channel(2) * 587 + channel(4) * 114) / 1000;
  return html`<li class="label ${brightness > 140 ? 'on-bright' : 'on-dim'}" data-color="${color}">
    ${name}
  </li>`;
}

function commentCard(comment: ThreadComment, scenario: Scenario, markdown: ViewParts['markdown']): Html {
  const id = `comment-${comment.id}`;
  const role = comment.bot ? 'bot' : (scenario.people[comment.by]?.role ?? '');
  return html`<article id="${id}" class="card ${comment.bot ? 'by-bot' : ''}" aria-labelledby="${id}-by">
    <span class="avatar tone-${toneOf(comment.by)}" aria-hidden="true"
      >${comment.by.slice(0, 1).toUpperCase()}</span
    >
    <div class="box">
      <header>
        <h2 id="${id}-by">
          <strong>${comment.by}</strong> <span class="did">${comment.id === 0 ? 'opened' : 'commented'}</span>
        </h2>
        <a class="when" href="#${id}"><time datetime="${comment.at}">${shortTime(comment.at)}</time></a>
        ${comment.editedAt === null ? '' : html`<span title="${shortTime(comment.editedAt)}">edited</span>`}
        <span class="badges">
          ${comment.pinned ? html`<span class="badge">pinned</span>` : ''}
          ${role === '' ? '' : html`<span class="badge">${role}</span>`}
        </span>
      </header>
      ${foldedAway(comment, html`<div class="markdown-body">${bodyOf(comment, markdown)}</div>`)}
      ${reactionRow(comment.reactions)}
    </div>
  </article>`;
}

function bodyOf({ body }: ThreadComment, markdown: ViewParts['markdown']): Html {
  return body.trim() === '' ? html`<p><em>No description provided.</em></p>` : markdown(body);
}

function foldedAway({ minimized }: ThreadComment, body: Html): Html {
  if (minimized === null) return body;
  const why = minimized.toLowerCase().replaceAll('_', '-');
  return html`<details class="minimized">
    <summary>This comment was marked as ${why}</summary>
    ${body}
  </details>`;
}

const emoji: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
};

function reactionRow(reactions: readonly string[]): Html {
  if (reactions.length === 0) return html``;
  const counts = Map.groupBy(reactions, (reaction) => reaction);
  const chips = [...counts].map(
    ([name, all]) =>
      html`<li><span role="img" aria-label="${name}">${emoji[name] ?? name}</span> ${all.length}</li>`,
  );
  return html`<ul class="reactions" aria-label="Reactions">
    ${chips}
  </ul>`;
}

/** `15 Sep, 18:05 UTC`; the whole instant stands in the element's datetime. */
function shortTime(at: string): string {
  const text = new Date(at).toUTCString(); // Mon, 15 Sep 2025 18:05:00 GMT
  return `${text.slice(5, 11)}, ${text.slice(17, 22)} UTC`;
}

function toneOf(name: string): number {
  return Buffer.from(name).reduce((sum, byte) => sum + byte, 0) % 8;
}

/** A short hash (FNV-1a): tells contents apart, guards nothing. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `${text.length}-${(hash >>> 0).toString(16)}`;
}
