import { commandsPerComment, type CommandLine } from '../core/command-lines.ts';
import type { IssueCommentEvent } from '../core/issue-comment-event.ts';
import type { IssueEvent } from '../core/issue-event.ts';
import { withoutSecrets } from '../core/secrets/without-secrets.ts';

/**
 * Most bytes of a stored payload. A row that grows beyond 2 kB is moved out of its page and compressed, which makes a
 * burst of deliveries several times slower to store.
 */
export const payloadBytes = 2_048;

/**
 * What is stored of a comment with commands: of what a person wrote, only the command lines, and no more of these than
 * are carried out and one, by which the surplus shows. Where that is still too large, the long texts are clipped: the
 * command lines to half of the room, the title to a quarter, and of the labels the shortest are kept, since the labels
 * that say how severe an incident is are short ones.
 */
export function trimmed(event: IssueCommentEvent, commands: readonly CommandLine[]): IssueCommentEvent {
  return withLines(event, distinct(commands).slice(0, commandsPerComment + 1));
}

/**
 * What is stored of an edit of our own comment: its task boxes as they are now. Whoever acts on it reads the comment
 * again, since it may have been edited meanwhile.
 */
export function trimmedEdit(event: IssueCommentEvent): IssueCommentEvent {
  return withLines(
    event,
    event.comment.body
      .split('\n')
      .filter((line) => taskBox.test(line))
      .slice(0, mostBoxes),
  );
}

const taskBox = /^\s*[-*+] \[[ xX]\]\s/u;
/** Of more not even the numbers would fit. */
const mostBoxes = 60;

/**
 * What is stored of an issue's webhook: where it would be too large, the title is clipped to a quarter of the room. As of
 * all that is stored here, secrets are out, before anything is clipped.
 */
export function trimmedIssue(whole: IssueEvent): IssueEvent {
  const event = {
    ...whole,
    issue: { ...whole.issue, title: clean(whole.issue.title), labels: whole.issue.labels.map(cleanLabel) },
    ...(whole.label === undefined || whole.label === null ? {} : { label: cleanLabel(whole.label) }),
  };
  if (jsonBytes(event) <= payloadBytes) return event;
  const { issue } = event;
  const room = roomBeside({ ...event, issue: { ...issue, title: '', labels: [] } });
  const title = clipped(issue.title, Math.floor(room / 4));
  const labels = labelsWithin(issue.labels, room - textBytes(title));
  return { ...event, issue: { ...issue, title, labels } };
}

function withLines(event: IssueCommentEvent, written: readonly string[]): IssueCommentEvent {
  const { comment } = event;
  const lines = written.map(clean);
  const issue = {
    ...event.issue,
    title: clean(event.issue.title),
    labels: event.issue.labels.map(cleanLabel),
  };
  const whole = withTexts(event, lines.join('\n'), issue.title, issue.labels);
  if (jsonBytes(whole) <= payloadBytes) return whole;
  const bare = { ...event, issue: { ...issue, title: '', labels: [] }, comment: { ...comment, body: '' } };
  const room = roomBeside(bare);
  const body = linesWithin(lines, Math.floor(room / 2));
  const title = clipped(issue.title, Math.floor(room / 4));
  const left = room - textBytes(body) - textBytes(title);
  return withTexts(event, body, title, labelsWithin(issue.labels, left));
}

/** A person wrote it on the issue, where it stands; it is not kept, repeated or carried on. */
function clean(text: string): string {
  return withoutSecrets(text, () => 'redacted');
}

function cleanLabel<Label extends { name: string }>(label: Label): Label {
  return { ...label, name: clean(label.name) };
}

function roomBeside(bare: object): number {
  return Math.max(0, payloadBytes - jsonBytes(bare));
}

type Labels = IssueCommentEvent['issue']['labels'];

function withTexts(event: IssueCommentEvent, body: string, title: string, labels: Labels): IssueCommentEvent {
  return { ...event, issue: { ...event.issue, title, labels }, comment: { ...event.comment, body } };
}

/** The same command twice in one comment is meant once. */
function distinct(commands: readonly CommandLine[]): string[] {
  const byText = new Map<string, string>();
  for (const { name, words, written } of commands) {
    const text = [name, ...words].join(' ');
    if (!byText.has(text)) byText.set(text, written);
  }
  return [...byText.values()];
}

/** Each line may use what the others leave of an equal share, so that one long line costs no other its place. */
function linesWithin(lines: readonly string[], bytes: number): string {
  const breaks = lines.length * textBytes('\n');
  let left = bytes - breaks;
  const kept = new Map<string, string>();
  for (const [index, line] of lines.toSorted((a, b) => textBytes(a) - textBytes(b)).entries()) {
    const text = clipped(line, Math.floor(left / (lines.length - index)));
    left -= textBytes(text);
    kept.set(line, text);
  }
  return lines.map((line) => kept.get(line) ?? '').join('\n');
}

function labelsWithin(labels: Labels, bytes: number): Labels {
  let left = bytes;
  const kept = new Set<Labels[number]>();
  for (const label of labels.toSorted((a, b) => a.name.length - b.name.length)) {
    left -= jsonBytes(label) + ','.length;
    if (left < 0) break;
    kept.add(label);
  }
  return labels.filter((label) => kept.has(label));
}

const ellipsis = '…';

/** The text's beginning, within so many bytes of JSON; what is clipped ends in an ellipsis. */
function clipped(text: string, bytes: number): string {
  if (textBytes(text) <= bytes) return text;
  let left = bytes - textBytes(ellipsis);
  let end = 0;
  for (const character of text) {
    left -= textBytes(character);
    if (left < 0) break;
    end += character.length;
  }
  return `${text.slice(0, end)}${ellipsis}`;
}

/** Bytes of the text within JSON, without its quotes. */
function textBytes(text: string): number {
  return jsonBytes(text) - 2;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
