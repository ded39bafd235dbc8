import Handlebars from 'handlebars';
import type { Picture } from '../core/diagram.ts';
import type { Cite, Joined, Label, Link, Text, Value } from '../core/text.ts';
import { number } from '../core/figures.ts';
import { mermaidFence } from './mermaid.ts';
import {
  fenced,
  foreignProse as neutralProse,
  gap,
  inlineCode as neutralCode,
  longest,
} from './neutralise.ts';
import { remembered } from './remember.ts';

/**
 * Turns a view model into what a template sees: every text in it becomes Markdown that is safe in any place of a
 * line, in a table cell or after a line break. This is done for the whole model before Handlebars sees it, and
 * a bare string counts as foreign, so a template cannot print anything that was not neutralised.
 */

/** Markdown that has passed here; Handlebars prints it as it is and escapes everything else. */
type SafeMarkdown = Handlebars.SafeString;

export type Rendered =
  SafeMarkdown | number | boolean | null | readonly Rendered[] | { readonly [key: string]: Rendered };

/** What stands in one row stands in many: it is neutralised once. */
const foreignProse = remembered((text) => neutralProse(text));
const inlineCode = remembered((text) => neutralCode(text));

/** Longest addresses of links; longer ones are shown without a link. */
const longestAddress = 1_500;

/** What a figure in a heading may hold: there nothing can be shown as code. */
const headingText = /^[\p{L}\d .,:;%/+–-]{0,100}$/u;
const evidenceId = /^E[1-9]\d{0,9}$/;
const login = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\/[A-Za-z0-9][\w.-]{0,99})?(?:\[bot\])?$/;

/** The model with every text in it neutralised. Keys stay; null, numbers and booleans too. */
export function toMarkdown(model: unknown): Rendered {
  if (model === null || model === undefined) return null;
  if (typeof model === 'number' || typeof model === 'boolean') return model;
  if (typeof model === 'string') return safe(foreignProse(model));
  if (Array.isArray(model)) return model.map(toMarkdown);
  if (typeof model !== 'object') throw new TypeError(`a view model cannot hold a ${typeof model}`);
  if (isText(model)) return safe(textMarkdown(model));
  if (isLabel(model)) return safe(labelMarkdown(model));
  if (isFence(model)) return safe(fenced(model.text, model.language === 'bash' ? 'bash' : 'text'));
  if (isPicture(model)) return pictureMarkdown(model);
  return Object.fromEntries(Object.entries(model).map(([key, value]) => [key, toMarkdown(value)]));
}

/** Null where nothing of it can be drawn: then only the text beside it is shown. */
function pictureMarkdown({ diagrams, caption }: Picture): Rendered {
  const fences = diagrams.map(mermaidFence).filter((fence) => fence !== null);
  return fences.length === 0 ? null : { diagrams: fences.map(safe), caption: toMarkdown(caption) };
}

function safe(markdown: string): SafeMarkdown {
  return new Handlebars.SafeString(markdown);
}

function textMarkdown(text: Text): string {
  return text.words.reduce((before, words, index) => {
    const value = text.values[index];
    const after = value === undefined ? '' : valueMarkdown(value);
    const head = before + gap(before, words) + words;
    return value !== undefined && after === '' ? head.trimEnd() : head + gap(head, after) + after;
  }, '');
}

function valueMarkdown(value: Value): string {
  if (typeof value === 'number') return number(value);
  if (!('as' in value)) return textMarkdown(value);
  switch (value.as) {
    case 'code':
      return inlineCode(value.text);
    case 'prose':
      return foreignProse(value.text);
    case 'plain':
      return plainMarkdown(value.text);
    case 'cite':
      return citation(value);
    case 'mention':
      return login.test(value.login) ? `@${value.login}` : inlineCode(value.login);
    case 'link':
      return linkMarkdown(value);
    case 'issue':
      return Number.isSafeInteger(value.number) && value.number > 0 ? `#${value.number}` : '';
    case 'command':
      return commandMarkdown(value.text);
    case 'joined':
      return joinedMarkdown(value);
  }
}

/** Figures are written by `core/figures.ts`, but a unit comes from outside: what would act is shown as code. */
function plainMarkdown(text: string): string {
  return foreignProse(text) === text ? text : inlineCode(text);
}

function citation(value: Cite): string {
  const all = runs(value.ids.filter((id) => evidenceId.test(id)));
  const ids = [...all.slice(0, value.limit), ...(all.length > value.limit ? ['…'] : [])].join(', ');
  if (ids === '') return '';
  return value.bare ? ids : `(${ids})`;
}

/** Three ids or more in a row as a range: `E386–E390`. */
function runs(ids: readonly string[]): string[] {
  const found: { first: string; last: string; count: number }[] = [];
  for (const id of ids) {
    const run = found.at(-1);
    if (run !== undefined && Number(id.slice(1)) === Number(run.last.slice(1)) + 1) {
      run.last = id;
      run.count += 1;
    } else found.push({ first: id, last: id, count: 1 });
  }
  return found.flatMap(({ first, last, count }) => {
    if (count >= 3) return [`${first}–${last}`];
    return count === 2 ? [first, last] : [first];
  });
}

/** A command that a code span would change (a pipe, a line break, a secret) or cut is not shown. */
function commandMarkdown(text: string): string {
  const shown = neutralCode(text, longest.command);
  return shown.includes(text) ? shown : '';
}

function joinedMarkdown(value: Joined): string {
  const between = textMarkdown(value.between);
  return value.items
    .map(valueMarkdown)
    .filter((item) => item !== '')
    .reduce((before, item) => (before === '' ? item : before + between + gap(between, item) + item), '');
}

/** A link if the address is https, without a user in it and not too long; otherwise the label as a code span. */
function linkMarkdown({ label, href }: Link): string {
  const url = URL.canParse(href) ? new URL(href) : null;
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    return inlineCode(label);
  const address = url.href.replaceAll(/[()<>[\]\\|`'"*_~@ ]/g, percentEncoded);
  return address.length > longestAddress ? inlineCode(label) : `[${neutralProse(label, 120)}](${address})`;
}

function percentEncoded(sign: string): string {
  return `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** GitHub reads a summary as HTML: figures there hold nothing that means something in it. */
function labelMarkdown(label: Label): string {
  return label.words.reduce((before, words, index) => {
    const value = label.values[index];
    const after = value === undefined ? '' : typeof value === 'number' ? number(value) : htmlText(value.text);
    return before + words + after;
  }, '');
}

function htmlText(text: string): string {
  return headingText.test(text) && foreignProse(text) === text ? text : '?';
}

function isText(model: object): model is Text {
  return 'words' in model && isLiteral(model.words) && 'values' in model && !('as' in model);
}

function isLabel(model: object): model is Label {
  return 'as' in model && model.as === 'label' && 'words' in model && isLiteral(model.words);
}

function isFence(model: object): model is { language: unknown; text: string } {
  return (
    'as' in model &&
    model.as === 'fence' &&
    'language' in model &&
    'text' in model &&
    typeof model.text === 'string'
  );
}

function isPicture(model: object): model is Picture {
  return 'diagrams' in model && Array.isArray(model.diagrams) && 'caption' in model;
}

/** Only the language itself makes frozen arrays with `raw`: no parsed data passes for a literal of our source. */
function isLiteral(words: unknown): boolean {
  return Array.isArray(words) && Object.isFrozen(words) && 'raw' in words && Object.isFrozen(words.raw);
}
