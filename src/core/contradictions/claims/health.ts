import { subjectAt } from './subjects.ts';
import type { Subjects } from './subjects.ts';

/** How well something works by what a person says; `running` claims no more than that it was started. */
export type StatedHealth = 'healthy' | 'running' | 'degraded' | 'failing';

/** A state that a sentence gives to a component, with the words that say so. */
export interface StatedState {
  component: string;
  health: StatedHealth;
  written: string;
}

const states = new Map<string, StatedHealth>([
  ...[
    'healthy',
    'operational',
    'working',
    'functional',
    'functioning',
    'fine',
    'recovered',
    'accessible',
  ].map((word): [string, StatedHealth] => [word, 'healthy']),
  ...['runnable', 'ready', 'running'].map((word): [string, StatedHealth] => [word, 'running']),
  ...['degraded', 'impaired', 'exhausted', 'exhaustion', 'saturated', 'overloaded'].map(
    (word): [string, StatedHealth] => [word, 'degraded'],
  ),
  ...['failing', 'unavailable', 'unreachable', 'offline', 'broken', 'dead'].map(
    (word): [string, StatedHealth] => [word, 'failing'],
  ),
]);

/** Words that are a state right after one of these only: `scale up`, `slow down` are none. */
const afterIs = new Map<string, StatedHealth>([
  ['up', 'healthy'],
  ['ok', 'healthy'],
  ['back', 'healthy'],
  ['down', 'failing'],
]);
const is = new Set(['is', 'are', ':', 'now', 'back', 'again', 'still', 'remains', 'and']);

/** Words that may stand between the name and the state. */
const between = new Set(
  'is are remains : = ( ` , the a in and still now again back currently fully completely all also instance service server state status database connector itself shows check checked since'.split(
    ' ',
  ),
);

/** What may stand before the name: otherwise it is part of another one (`billing database`). */
const lead = new Set(
  'the our and but both that because since as so while with google gcp confirmed : , ( ) | / → - ; "'.split(
    ' ',
  ),
);

/** With these between, only an exhaustion is one of the component; else it is of the connections to it. */
const connections = new Set(['connection', 'connections', 'pool', 'pools']);

/** After a state these make it another thing: `failing over`, `ready for`. */
const turning = new Set(['over', 'for', 'to', 'except', 'in', 'only', 'but', 'although']);

const farthest = 9;

/**
 * The states that a sentence gives to components, in words right after their name: `Cloud SQL instance is RUNNABLE and
 * healthy`, `Frontend Service: Fully operational`. What stands farther away may be said of something else.
 */
export function statesSaid(subjects: Subjects, environment: string, text: string): StatedState[] {
  const placed = wordsOf(text);
  const words = placed.map(({ word }) => word);
  const found: StatedState[] = [];
  let at = 0;
  while (at < words.length) {
    const subject = subjectAt(subjects, words, at);
    const before = words[at - 1];
    const stands =
      before === undefined || lead.has(before) || states.has(before) || environment.startsWith(before);
    if (subject && stands) {
      const start = placed[at]?.start ?? 0;
      const from = text[start - 1] === '`' ? start - 1 : start;
      const said = statesAfter(subjects, words, subject);
      found.push(
        ...said.map(({ health, last }) => ({
          component: subject.component,
          health,
          written: text.slice(from, placed[last]?.end),
        })),
      );
    }
    at = subject?.end ?? at + 1;
  }
  return found;
}

/**
 * The states in the words after a component's name, each with the place of its word. Another resource's name ends it:
 * what follows is said of that one.
 */
function statesAfter(
  subjects: Subjects,
  words: readonly string[],
  { component, end: from }: { component: string; end: number },
): { health: StatedHealth; last: number }[] {
  const said: { health: StatedHealth; last: number }[] = [];
  let ofConnections = false;
  for (let at = from; at < Math.min(words.length, from + farthest); at += 1) {
    const word = words[at] ?? '';
    const health = states.get(word) ?? (is.has(words[at - 1] ?? '') ? afterIs.get(word) : undefined);
    if (health !== undefined) {
      if ((ofConnections && !word.startsWith('exhaust')) || turns(words, at + 1)) break;
      said.push({ health, last: at });
    } else if (connections.has(word)) ofConnections = true;
    else if (!between.has(word) && subjectAt(subjects, words, at)?.component !== component) break;
  }
  return said;
}

function turns(words: readonly string[], at: number): boolean {
  return turning.has(words[words[at] === ',' ? at + 1 : at] ?? '');
}

interface Placed {
  word: string;
  start: number;
  end: number;
}

function wordsOf(text: string): Placed[] {
  return [...text.matchAll(/[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,98}[\p{L}\p{N}])?|[:|→/(),=;"-]/gu)].map(
    ({ 0: word, index: start }) => ({ word: word.toLowerCase(), start, end: start + word.length }),
  );
}
