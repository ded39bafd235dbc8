import { whyChain } from '../../diagrams/why-chain.ts';
import type { Alternative, Diagnosis, StatedWhy, WhyStep } from '../../diagnosis.ts';
import { clock, counted, share } from '../../figures.ts';
import { code, ids, join, label, link, plain, prose, say, type Text } from '../../text.ts';
import type { AlternativeRow, Drawn, Fold, WhyRow } from '../../update.ts';
import { causeName, causeWords, sentence } from '../cause-lines.ts';
import type { Picture } from '../../diagram.ts';
import { type Facts, fewIds, spoken } from '../facts.ts';
import { fold } from './fold.ts';

/** Statements shown, the newest: they are no rows and cannot be cut where an update is too long. */
const shownStatements = 10;
/** Signs of a reason that are shown; the link leads to the rest. */
const shownSigns = 200;

/** The chain of whys, as far as the evidence goes, and how it ends; drawn above its list. */
export function whyFold(facts: Facts): Drawn<Fold<WhyRow> & { end: Text; stated: Text[] }> | null {
  const { chain, root, second } = facts.diagnosis;
  const title =
    second === null
      ? label`Whys: ${plain(counted(chain.length, 'step', 'steps'))}`
      : label`Whys: ${plain(counted(chain.length, 'step', 'steps'))}, and ${second.chain.length} of a second cause`;
  const found = fold(title, [...chain, ...(second?.chain ?? [])].map(whyRow));
  if (found === null) return null;
  const end =
    root.cause === 'unknown'
      ? say`The chain ends here: the evidence does not decide the cause.`
      : say`Root cause, ${rootLine(root)}.`;
  const other = second === null ? say`` : say` Second cause, ${rootLine(second.root)}.`;
  return {
    ...found,
    end: say`${end}${other}${unexplained(facts)}${classed(facts)}`,
    picture: chainPicture(facts),
    stated: facts.diagnosis.stated.slice(-shownStatements).map((one) => statedLine(facts, one)),
  };
}

function chainPicture({ diagnosis }: Facts): Picture | null {
  const diagram = whyChain({
    diagnosis,
    causeOf: ({ verdict, cause }) => say`root cause, ${plain(verdict)}: ${plain(causeName(cause))}`,
  });
  return diagram === null ? null : { diagrams: [diagram], caption: null };
}

function rootLine({ verdict, component, cause }: Diagnosis['root']): Text {
  return say`**${plain(verdict)}**, ${code(component)}: ${plain(causeWords(cause))}`;
}

/** What fails and none of the causes accounts for: the search goes on there. */
function unexplained({ diagnosis: { unexplained: rest } }: Facts): Text {
  return rest.length === 0 ? say`` : say` Not explained by that: ${join(rest.map(code))}.`;
}

/** The class of the cause and who takes it on, each with its reason. */
function classed({ diagnosis: { classification, owner } }: Facts): Text {
  const kind =
    classification === null || classification.kind === 'unknown'
      ? say``
      : say` Class: **${plain(classification.kind)}**.`;
  const others = classification?.worsenedBy ?? [];
  const worse = others.length === 0 ? say`` : say` Worsened by ${join(others.map(plain), say` and `)}.`;
  const next = owner === null ? say`` : say` Next with ${prose(owner.name)}: ${prose(owner.why)}.`;
  return say`${kind}${worse}${next}`;
}

/** `[kim at 17:40](…) refuted config drift of `backend`: “we rolled it back”; measured evidence says otherwise: E4.` */
function statedLine(
  { seen }: Facts,
  { act, by, at, url, cause, component, text, effect, evidence }: StatedWhy,
): Text {
  const who = link(`${by} at ${clock(at, seen)}`, url);
  const where = component === null ? say`` : say` (${code(component)})`;
  const what = cause === null ? say`` : say` ${plain(causeName(cause))}${where}`;
  const reason =
    text === ''
      ? say``
      : say`: “${prose(text.length > shownSigns ? `${text.slice(0, shownSigns)}…` : text)}”`;
  return say`${who} ${verbs[act]}${what}${reason}${effect === '' ? say`` : say`; ${sentence(effect, evidence, fewIds)}`}`;
}

const verbs = { add: say`added`, accept: say`accepted`, refute: say`refuted` };

function whyRow(step: WhyStep, index: number): WhyRow {
  const covers = step.share === null ? say`` : say` · accounts for ${plain(share(step.share))} of it`;
  return {
    number: index + 1,
    question: say`${prose(step.question)}`,
    answer: sentence(step.answer, step.evidence),
    standing: say`${plain(step.confidence)}${through(step.edge)}${covers}`,
  };
}

/** By what the cause is tied to the effect. */
function through(edge: string | null): Text {
  if (edge === null) return say``;
  return say` · ${edges.get(edge) ?? plain(spoken(edge))}`;
}

const edges = new Map([
  ['depends_on', say`a dependency (sitrep.yml)`],
  ['via', say`on its network path (sitrep.yml)`],
  ['attached', say`attached, as the API shows`],
  ['located', say`in its region (sitrep.yml)`],
  ['journey', say`a step of the journey`],
  ['same', say`within the component`],
  ['change', say`by a change`],
]);

const verdicts = { refuted: say`✖ refuted`, weaker: say`▽ weaker`, untested: say`❔ not tested` };
const order: readonly Alternative['verdict'][] = ['untested', 'weaker', 'refuted'];

/** What else it could have been, the open ones first, with what decided. */
export function alternativeFold(facts: Facts): Fold<AlternativeRow> | null {
  const all = order.flatMap((verdict) =>
    facts.diagnosis.alternatives.filter((found) => found.verdict === verdict),
  );
  const open = all.filter((found) => found.verdict === 'untested').length;
  return fold(label`Alternatives: ${all.length}, ${open} not ruled out`, all.map(alternativeRow));
}

/** In a redacted update the evidence stands alone. */
function decidedAlone(decidedBy: readonly string[]): Text {
  return decidedBy.length === 0 ? say`–` : say`${ids(decidedBy)}`;
}

function alternativeRow({
  cause,
  component,
  verdict,
  why,
  decidedBy,
  statement,
}: Alternative): AlternativeRow {
  const where = statement === undefined ? say`` : say` ${link('said here', statement)}`;
  return {
    hypothesis: say`${plain(causeName(cause))} (${code(component)})`,
    verdict: verdicts[verdict],
    why: say`${why === '' ? decidedAlone(decidedBy) : sentence(why.replace(/^not tested; /, ''), decidedBy)}${where}`,
  };
}
