import { diff3Merge } from 'node-diff3';
import { taskLines, withTick } from './task-lines.ts';

/**
 * The living comment is written again and again, and people may edit it in between. What they add stays: the text is
 * merged line by line from what we wrote last (base), what we write now (ours) and what stands on the page (theirs).
 * Where both changed the same lines ours stand, and what people added there goes below, under a heading of its own.
 * Our text never holds that heading; base is always ours, so what people added shows as theirs each time anew.
 */
const notesHeading = '**Notes of people**';

/** The lines of a text as GitHub may give it back. */
export function linesOf(text: string): string[] {
  return text.replaceAll('\r\n', '\n').trimEnd().split('\n');
}

/** The texts that are merged. */
export interface PageTexts {
  base: string;
  ours: string;
  theirs: string;
  /** Points that people wrote on the page and the checklist holds now: their lines go. */
  taken?: readonly string[];
}

/** The text that is to stand on the page. */
export function mergePage({ base, ours, theirs, taken = [] }: PageTexts): string {
  const before = linesOf(base);
  const page = splitNotes(withoutTaken(linesOf(theirs), new Set(taken)));
  const main = withBoxesOf(before, page.main);
  const merged: string[] = [];
  const notes = [...page.notes];
  for (const region of diff3Merge(linesOf(ours), before, main, { excludeFalseConflicts: true })) {
    if (region.ok) merged.push(...region.ok);
    if (region.conflict) {
      merged.push(...region.conflict.a);
      notes.push(...addedIn(region.conflict.b, region.conflict.o).map(asNote));
    }
  }
  const kept = notes.filter((line, at) => line.trim() !== '' || (at > 0 && notes[at - 1]?.trim() !== ''));
  if (kept.every((line) => line.trim() === '')) return merged.join('\n').trimEnd();
  return `${merged.join('\n').trimEnd()}\n\n${notesHeading}\n\n${kept.join('\n').trim()}`;
}

function splitNotes(lines: readonly string[]): { main: string[]; notes: string[] } {
  const at = lines.findIndex((line) => line.trim() === notesHeading);
  if (at === -1) return { main: [...lines], notes: [] };
  const main = lines.slice(0, at);
  while (main.at(-1)?.trim() === '') main.pop();
  const notes = lines.slice(at + 1);
  while (notes[0]?.trim() === '') notes.shift();
  return { main, notes };
}

function withoutTaken(lines: readonly string[], taken: ReadonlySet<string>): string[] {
  const gone = new Set(
    taskLines(lines)
      .filter(({ number, ticked, title }) => number === null && !ticked && taken.has(title))
      .map(({ at }) => at),
  );
  return lines.filter((_line, at) => !gone.has(at));
}

/** Boxes are the record's: those that people ticked stand as they were, so that a tick is no change of a line. */
function withBoxesOf(base: readonly string[], lines: readonly string[]): string[] {
  const was = new Map(taskLines(base).map(({ number, ticked }) => [number, ticked]));
  const result = [...lines];
  for (const { at, number } of taskLines(lines)) {
    const ticked = number === null ? undefined : was.get(number);
    if (ticked !== undefined) result[at] = withTick(lines[at] ?? '', ticked);
  }
  return result;
}

/** The lines that are more often in the second place than in the first: what was added there. */
function addedIn(theirs: readonly string[], base: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of base) left.set(line, (left.get(line) ?? 0) + 1);
  return theirs.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0 && line.trim() !== '';
  });
}

/** One of our own points that somebody reworded: without its box, which would be a second one of the same number. */
function asNote(line: string): string {
  const [task] = taskLines([line]);
  return task === undefined || task.number === null ? line : `- ${String(task.number)}: ${task.title}`;
}
