import type { Sentence } from './read.ts';

/** Whether the incident goes on or can be closed, by what a person says. */
export interface StatedOutcome {
  outcome: 'goes on' | 'over';
  written: string;
}

const over = [
  /(?:^|\b(?:issue|incident|outage|this|it)(?: (?:issue|incident|ticket))?(?: #\d{1,7})? )(?:can|could|may) (?:now |likely |probably |safely ){0,2}be (?:marked (?:as )?)?(?:closed|resolved)\b/i,
  /\bwe can (?:now |safely )?close (?:this|it|the (?:issue|incident))\b/i,
  /\b(?:appears|seems|is|looks|has been) (?:now |fully |completely ){0,2}resolved\b/i,
  /\bmark(?:ing|ed)? (?:this |it )?as resolved\b/i,
  /^(?:the |this )?(?:incident|outage|issue)(?: is)?:? (?:resolved|over)\b/i,
  /\bstatus: resolved\b/i,
  /\b(?:recommend(?:ed)?|propose|suggest)(?:ing)? (?:to )?(?:clos(?:e|ing)|resolv(?:e|ing))\b/i,
  /^(?:i am |i'm |we are |let'?s |we can |you can )?(?:now |safely )?clos(?:e|ing) (?:the |this )?(?:issue|incident)\b/i,
];
const goesOn = [
  /\bkeep (?:the |this )?(?:issue |incident )?(?:#\d{1,7} )?open\b/i,
  /\b(?:do not|don'?t|must not|cannot|can'?t) (?:be )?close(?:d)?\b/i,
  /\b(?:outage|incident|issue) (?:is |still |remains ){1,2}(?:active|ongoing|actively ongoing|open|unresolved)\b/i,
  /\b(?:outage|issue|incident)? ?status: (?:[a-z0-9]{1,12},? ){0,3}(?:active|ongoing)\b/i,
  /\b(?:is|are) (?:not|nowhere near|far from) (?:yet )?(?:resolved|over)\b/i,
];

/** A condition or a question: nobody says that it is so. */
const notSo =
  /\b(?:if|unless|once|until|till|when|whether|as soon as|after|assuming|before|should|would|will|wait)\b|\?\s*$/i;
const otherIssue = /#(\d{1,7})\b/g;

/**
 * What a sentence says of the outcome of this issue; null where it says nothing, speaks of other issues only or of a
 * condition. `likely` and `appears` count: who proposes to close an incident with them proposes it.
 */
export function outcomeSaid({ text, mood, elsewhere }: Sentence, issue: number | null): StatedOutcome | null {
  const named = [...text.matchAll(otherIssue)].map(([, number]) => Number(number));
  const isOther = named.length > 0 && (issue === null || !named.includes(issue));
  if (
    elsewhere ||
    mood.question ||
    mood.longAgo ||
    mood.bygone ||
    mood.reported ||
    isOther ||
    notSo.test(text)
  )
    return null;
  const open = firstMatch(goesOn, text);
  if (open !== undefined) return { outcome: 'goes on', written: open };
  const closed = mood.denied ? undefined : firstMatch(over, text);
  return closed === undefined ? null : { outcome: 'over', written: closed };
}

function firstMatch(patterns: readonly RegExp[], text: string): string | undefined {
  return patterns.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
}
