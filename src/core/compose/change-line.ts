import { atLeast, clock, figure } from '../figures.ts';
import type { Delta, FigureChange, RootChange, StateChange } from '../delta.ts';
import { cite, code, join, plain, say, type Text } from '../text.ts';
import { causeName } from './cause-lines.ts';
import { type Facts, fewIds } from './facts.ts';
import { signalWords } from './signal-words.ts';
import { shortRevision } from './values.ts';

/** Changes shown in one line. */
const shown = 4;

/** What changed since the update before; null where there is none. */
export function changeLine(facts: Facts): { since: Text; what: Text } | null {
  const { delta } = facts;
  if (delta === null) return null;
  return {
    since: say`${plain(clock(delta.since, facts.seen))}`,
    what: changesOf(delta, facts.redacted !== undefined),
  };
}

function changesOf(delta: Delta, redacted: boolean): Text {
  const changes = [
    ...(delta.root === null ? [] : [rootChange(delta.root)]),
    ...[...Map.groupBy(delta.states, ({ from, to }) => `${from} ${to}`).values()].map(stateChanges),
    ...delta.serving.map(servingChange),
    ...delta.figures.map(figureChange),
  ];
  if (changes.length === 0) return redacted ? say`no change in states` : say`no change in states or figures`;
  const more = changes.length - shown;
  const first = join(changes.slice(0, shown), say`; `);
  return more > 0 ? say`${first} and ${more} more` : say`${first}`;
}

function rootChange({ to }: RootChange): Text {
  if (to.cause === 'unknown') return say`cause unknown again`;
  return say`cause now ${plain(to.verdict)}: ${plain(causeName(to.cause))} (${code(to.component)})`;
}

/** Components that went the same way, in one clause. */
function stateChanges(changes: readonly StateChange[]): Text {
  const [first] = changes;
  if (first === undefined) return say``;
  const components = join(changes.map(({ component }) => code(component)));
  return say`${components} ${becoming(first, changes.length)} ${cite(
    changes.flatMap(({ evidence }) => evidence),
    fewIds,
  )}`;
}

function becoming({ from, to }: StateChange, count: number): Text {
  const was = count === 1 ? say`was` : say`were`;
  if (to === 'healthy') return from === 'unknown' ? say`now OK, ${was} unknown` : say`recovered`;
  return say`now ${plain(to)}, ${was} ${plain(from === 'healthy' ? 'OK' : from)}`;
}

function servingChange({ before, now }: FigureChange): Text {
  // In a redacted update revisions have no names.
  if (now.value === '') return say`${code(now.component)} now serves another revision ${cite([now.id])}`;
  const [to, from] = [shortRevision(now.value), shortRevision(before.value)];
  return say`${code(now.component)} now serves ${code(to)}, was ${code(from)} ${cite([now.id])}`;
}

function figureChange({ before, now }: FigureChange): Text {
  const value = plain(atLeast(figure(now.value, now.unit), now.partial));
  const was = plain(atLeast(figure(before.value, before.unit), before.partial));
  return say`${code(now.component)} ${signalWords(now.signal)} ${value}, was ${was} ${cite([now.id])}`;
}
