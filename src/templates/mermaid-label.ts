import type { Words } from '../core/diagram.ts';
import { number } from '../core/figures.ts';
import type { Joined, Text, Value } from '../core/text.ts';
import { shortened, visible } from './neutralise-characters.ts';
import { withoutSecrets } from './neutralise-secrets.ts';

/**
 * Texts of a picture as Mermaid labels in which nothing acts. All but letters, digits and spaces becomes `#NN;`, which
 * every place of every diagram reads as that character: so no quote closes a label, no word is a keyword, no sign is
 * Markdown, HTML, a comment or a line of its own.
 */

/** Longest text of one line of a label, in code points. */
const longestLine = 120;

/** A text in one line, encoded. */
export function mermaidLabel(words: Words, limit: number = longestLine): string {
  return Array.from(labelText(words, limit), encoded).join('');
}

/** The same text as a reader is to see it. */
export function labelText(words: Words, limit: number = longestLine): string {
  const text = typeof words === 'string' ? words : plainText(words);
  // By these Mermaid marks entities inside: from outside they would be taken for such.
  const unmarked = withoutSecrets(visible(text)).replaceAll('ﬂ', 'fl').replaceAll('¶ß', '¶ ß');
  const line = unmarked.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '(empty)' : shortened(line, limit);
}

function encoded(sign: string): string {
  return /^[\p{L}\p{Nd} ]$/u.test(sign) ? sign : `#${sign.codePointAt(0) ?? 0xfffd};`;
}

/** Own words are written for Markdown; a picture has no bold. */
function plainText({ words, values }: Text): string {
  return words.reduce((before, own, index) => {
    const value = values[index];
    return before + own.replaceAll('**', '') + (value === undefined ? '' : valueText(value));
  }, '');
}

function valueText(value: Value): string {
  if (typeof value === 'number') return number(value);
  if (!('as' in value)) return plainText(value);
  switch (value.as) {
    case 'code':
    case 'plain':
    case 'command':
      return value.text;
    case 'prose':
      return value.text.replaceAll('`', '');
    case 'cite':
      return value.ids.join(', ');
    case 'mention':
      return value.login;
    case 'link':
      return value.label;
    case 'issue':
      return `#${value.number}`;
    case 'joined':
      return joinedText(value);
  }
}

function joinedText({ items, between }: Joined): string {
  return items.map(valueText).join(plainText(between));
}
