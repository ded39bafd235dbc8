import type { Diagnosis, WhyStep } from '../diagnosis.ts';
import type { DiagramEdge, DiagramNode, Flowchart } from '../diagram.ts';
import { number } from '../figures.ts';
import { plain, prose, say, type Text } from '../text.ts';

/** Signs of an answer that are drawn; the list below has all. */
const longest = 80;

/** What the chain of whys is drawn from. */
export interface ChainInput {
  diagnosis: Pick<Diagnosis, 'chain' | 'root' | 'second'>;
  /** What the last answer is, where it is a cause: `probable`, `connector full`. */
  causeOf: (root: Diagnosis['root']) => Text;
}

/** From what users miss down to the cause, each why with its number in the list; null where there is no chain. */
export function whyChain({ diagnosis, causeOf }: ChainInput): Flowchart | null {
  const { chain, root, second } = diagnosis;
  if (chain.length === 0) return null;
  const parts = [
    { root, steps: chain, first: 1 },
    ...(second === null ? [] : [{ root: second.root, steps: second.chain, first: chain.length + 1 }]),
  ].map(({ first, steps, root: own }) => column(steps, first, causeOf(own)));
  return {
    as: 'flowchart',
    direction: 'down',
    title: say`Whys, from the effect to the cause`,
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
  };
}

function column(
  steps: readonly WhyStep[],
  first: number,
  cause: Text,
): { nodes: DiagramNode[]; edges: DiagramEdge[] } {
  const [top] = steps;
  if (top === undefined) return { nodes: [], edges: [] };
  const effect: DiagramNode = {
    id: `effect ${first}`,
    lines: [top.question],
    tone: 'plain',
    shape: 'round',
    marked: false,
  };
  const answers = steps.map((step, place): DiagramNode => {
    const isLast = place === steps.length - 1;
    const isOpen = step.cause === null;
    return {
      id: `why ${first + place}`,
      lines: [
        say`${plain(number(first + place))}. ${prose(inShort(step.answer))}`,
        ...(isLast && !isOpen ? [cause] : []),
      ],
      tone: isOpen ? 'unknown' : isLast ? 'failing' : 'plain',
      shape: 'box',
      marked: isLast && !isOpen,
    };
  });
  const edges = steps.map((step, place): DiagramEdge => {
    const sure = step.confidence === 'confirmed';
    return {
      from: place === 0 ? effect.id : `why ${first + place - 1}`,
      to: `why ${first + place}`,
      line: sure ? 'solid' : 'dotted',
      words: sure ? null : say`${plain(step.confidence)}`,
    };
  });
  return { nodes: [effect, ...answers], edges };
}

/** An answer without its first word, cut between two words, so that no figure is cut. */
function inShort(answer: string): string {
  const text = answer
    .replaceAll('`', '')
    .replace(/^Because (?=\S)/, '')
    .replaceAll(', on which it depends,', '')
    .replace(/\.$/, '');
  if (text.length <= longest) return text;
  const start = text.slice(0, longest);
  const words = start.replace(/[\s,;:(]*\S*$/, '');
  return `${(words === '' ? start : words).toWellFormed()} …`;
}
