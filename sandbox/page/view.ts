import { commandLines } from '../../src/core/command-lines.ts';
import { boxesOf } from '../boxes.ts';
import type { Scenario } from '../scenario/schema.ts';
import { fingerprint } from './fingerprint.ts';
import { html, type Html } from './html.ts';
import type { ThreadComment, ThreadIssue, ThreadPort } from './port.ts';
import { clockTime, shortTime } from './times.ts';

/** One card of the thread. `version` changes with its content, so that the browser replaces only what changed. */
export interface ThreadItem {
  id: string;
  by: string;
  version: string;
  html: string;
}

/** The issue and its comments, as markup. */
export interface ThreadView {
  head: string;
  items: ThreadItem[];
  /** What the app reads for whom, and since when; empty at rest. */
  reading: string[];
}

export interface ViewParts {
  github: ThreadPort;
  scenario: Scenario;
  focus: number;
  markdown: (text: string) => Html;
}

/** The thread as it stands now. */
export function threadView({ github, scenario, focus, markdown }: ViewParts): ThreadView {
  const issue = github.issue(focus);
  const comments = github.thread(focus);
  const opening: ThreadComment = { ...issue, ...unremarkable, id: 0, bot: false };
  return {
    head: issueHead(issue, comments.length, scenario).markup,
    items: [opening, ...comments].map((comment) => cardOf(comment, scenario, markdown)),
    reading: comments.filter(isBeingAnswered).map(readingFor),
  };
}

/** The version of a comment as the page shows it: what is done to it there names the version that was seen. */
export function versionOf(comment: ThreadComment, { scenario, markdown }: ViewParts): string {
  return cardOf(comment, scenario, markdown).version;
}

/** A comment to which nothing has happened: what an issue's own text is shown as. */
const unremarkable = { editedAt: null, reactions: [], minimized: null, pinned: false };

const outcomes = ['rocket', 'confused', '-1'];

/** 👀 is set when a command is accepted, and an outcome when it is done. */
export function isAnswered({ reactions }: ThreadComment): boolean {
  return outcomes.some((one) => reactions.includes(one));
}

function isBeingAnswered(comment: ThreadComment): boolean {
  return comment.reactions.includes('eyes') && !isAnswered(comment);
}

function readingFor({ by, at, body }: ThreadComment): string {
  const command = commandLines(body)[0]?.written ?? '';
  return `Sitrep works on ${command} of ${by} since ${clockTime(at)} UTC`;
}

function issueHead(issue: ThreadIssue, comments: number, scenario: Scenario): Html {
  const open = issue.state === 'open';
  const { owner, name, private: hidden } = scenario.repository;
  return html`<p class="repository">
      ${owner} / <strong>${name}</strong> <span class="badge">${hidden ? 'Private' : 'Public'}</span>
    </p>
    <h1>${issue.title} <span class="number">#${issue.number}</span></h1>
    <div class="meta">
      <span class="state ${open ? 'open' : 'closed'}">${open ? 'Open' : 'Closed'}</span>
      <span class="opened"
        ><strong>${issue.by}</strong> opened this on ${shortTime(issue.at)} · ${comments} comments</span
      >
      ${
        issue.labels.length === 0
          ? ''
          : html`<ul class="labels" aria-label="Labels">
              ${issue.labels.map((label) => html`<li>${labelChip(label, scenario)}</li>`)}
            </ul>`
      }
    </div>`;
}

/** A label in its colour, which the script sets: the page's policy allows no style attribute. */
export function labelChip(name: string, scenario: Scenario): Html {
  const color = colorOf(name, scenario);
  const channel = (from: number): number => Number.parseInt(color.slice(from, from + 2), 16);
  const brightness = (channel(0) * 299 + channel(2) * 587 + channel(4) * 114) / 1000;
  return html`<span class="label ${brightness > 140 ? 'on-bright' : 'on-dim'}" data-color="${color}"
    >${name}</span
  >`;
}

function colorOf(label: string, scenario: Scenario): string {
  const known = scenario.labels.find((one) => one.name.toLowerCase() === label.toLowerCase());
  return known && /^[0-9a-f]{6}$/i.test(known.color) ? known.color : 'ededed';
}

function cardOf(comment: ThreadComment, scenario: Scenario, markdown: ViewParts['markdown']): ThreadItem {
  const id = `comment-${comment.id}`;
  const inner = cardContent(comment, id, scenario, markdown);
  const kind = `${comment.bot ? 'by-bot' : ''} ${comment.pinned ? 'pinned' : ''}`;
  const boxes = isLiving(comment) ? 'living' : '';
  const version = fingerprint(`${kind}${boxes}${inner.markup}`);
  const card = html`<article
    id="${id}"
    class="card ${kind}"
    aria-labelledby="${id}-by"
    data-comment="${comment.id}"
    data-version="${version}"
    data-boxes="${boxes}"
  >
    ${inner}
  </article>`;
  return { id, by: comment.by, version, html: card.markup };
}

/** The comment whose boxes people tick: the app's own, pinned. */
export function isLiving({ bot, pinned, body }: ThreadComment): boolean {
  return bot && pinned && boxesOf(body).length > 0;
}

function cardContent(
  comment: ThreadComment,
  id: string,
  scenario: Scenario,
  markdown: ViewParts['markdown'],
): Html {
  const role = comment.bot ? 'bot' : (scenario.people[comment.by]?.role ?? '');
  return html`<span class="avatar tone-${toneOf(comment.by)}" aria-hidden="true"
      >${comment.bot ? '' : comment.by.slice(0, 1).toUpperCase()}</span
    >
    <div class="box">
      <header>
        <h2 id="${id}-by">
          <strong>${comment.by}</strong> <span class="did">${comment.id === 0 ? 'opened' : 'commented'}</span>
        </h2>
        <a class="when" href="#${id}"><time datetime="${comment.at}">${shortTime(comment.at)}</time></a>
        ${
          comment.editedAt === null
            ? ''
            : html`<span class="edited">· edited ${shortTime(comment.editedAt)}</span>`
        }
        <span class="badges">
          ${comment.pinned ? html`<span class="badge pin">Pinned</span>` : ''}
          ${role === '' ? '' : html`<span class="badge">${role}</span>`}
        </span>
      </header>
      ${foldedAway(comment, html`<div class="markdown-body">${bodyOf(comment, markdown)}</div>`)}
      ${reactionRow(comment.reactions)}
    </div>`;
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

function toneOf(name: string): number {
  return Buffer.from(name).reduce((sum, byte) => sum + byte, 0) % 8;
}
