/**
 * Characters that change what a reader sees without being seen: control characters and terminal sequences go,
 * characters that turn the direction of writing are shown by their code, invisible ones go.
 */

/** No piece of text is read further than this, in UTF-16 units. */
const inputCap = 20_480;

const [escape, bell, control1] = ['\u001b', '\u0007', '\u009b'];

/** Colours, cursor movements, titles of windows: what a terminal acts on. A lone introducer is a control character. */
const order = '[0-?]{0,64}[ -/]{0,8}[@-~]';
const title = `[^${bell}${escape}]{0,512}(?:${bell}|${escape}\\\\)?`;
const terminalSequence = new RegExp(`${escape}(?:\\[${order}|\\]${title}|[@-Z^_])|${control1}${order}`, 'g');
const lineBreak = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const control = /(?![\n\t])\p{Cc}/gu;
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const invisible = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** The text with nothing hidden in it; line breaks become `\n`. Well-formed UTF-16. */
export function visible(text: string): string {
  return text
    .slice(0, inputCap)
    .toWellFormed()
    .replaceAll(terminalSequence, '')
    .replaceAll(lineBreak, '\n')
    .replaceAll(control, '')
    .replaceAll(direction, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`)
    .replaceAll(invisible, '');
}

/** At most `limit` code points; `…` stands for what was cut off. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}
