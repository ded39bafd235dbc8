/**
 * Words that make a sentence something other than what is so now. They are sought anywhere in it: a claim that is
 * missed costs less than one that nobody made.
 */
const conditional =
  /\b(?:if|unless|once|until|till|when|whenever|whether|would|could|might|may|should|can|assuming|suppose|in case|as soon as|either|ideally)\b/i;
const goal =
  /\b(?:targets?|goals?|slo|sla|must|needs?|needed|required?|requires|criteri(?:on|a)|wants?|let'?s|aim|propos(?:e|al|ed)|suggest(?:ed|ion)?|recommend(?:ed|ation)?|consider|plan(?:ned|s)?|todo|so that|in order to|limit)\b/i;
const future =
  /\b(?:will|won'?t|going to|tomorrow|next|later|soon|to be|expect(?:s|ed|ing)?|eta|pending|about to|deploying|redeploying|rolling out|trying|switching)\b/i;
const hedged =
  /\b(?:maybe|perhaps|possibl[ey]|probabl[ey]|potential(?:ly)?|suspect(?:ed)?|guess(?:ing)?|thinks?|thought|believes?|likely|unlikely|not sure|hypothes[ie]s|assum(?:e|es|ed|ption)|seem(?:s|ed)?|looks? (?:like|as|to)|apparently|unclear|wonder(?:ing)?|hope(?:fully)?|appears?|missing analysis)\b/i;
const reported =
  /\b(?:says?|said|wrote|mentioned|told|correction|claim(?:s|ed)|according to|reported|reports|docs?|documentation|runbook|readme|defaults?|e\.g|for example|example|for instance|locally|localhost|laptop|simulat\w{1,8}|dashboard)\b/i;
const denied =
  /\b(?:not|never|no longer|isn'?t|wasn'?t|aren'?t|doesn'?t|don'?t|cannot|can'?t|nor|neither)\b/i;
const past = /\b(?:was|were|had|did|has been|have been|used to|been|went|became|came|got|showed|hit)\b/i;
const longAgo =
  /\b(?:yesterday|earlier|previously|formerly|originally|former|back then|at (?:that|the) time|last (?:week|night|month|year|time|incident|outage|release)|ago|in (?:january|february|march|april|may|june|july|august|september|october|november|december|20\d\d)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|before|prior|between \d{1,2}:\d\d|(?:at|around|by|from|until) ~?\d{1,2}:\d\d|this morning)\b/i;
const imperative =
  /^(?:please |then |now |also |first,? |step \d{1,2}:? )?(?:restore|set|raise|increase|bump|change|revert|roll|verify|check|validate|ensure|make|deploy|redeploy|scale|restart|run|execute|wait|try|use|add|apply|re-?apply|monitor|confirm|update|test|escalate|investigate|document|implement|create|review|keep|put|lower|reduce|extend|export|do|don'?t|rename|switch|move|drain|take|look|see|watch)\b/i;
const aims =
  /criteri|\bgoals?\b|\btargets?\b|\bactions?\b|next step|next update|plan\b|(?:remediation|recovery) (?:plan|steps)|prevention|todo|to do|timeline|escalat|checklist|proposal|\bif:?\s|if:?$|rollback|schedule|exit condition|definition of done|hypothes|open question|ideas?\b|postmortem|lessons|appendix|glossary|template/i;

const bygone = /background|history|(?:previous|earlier|last|past) (?:incident|outage|time)s?/i;

/** The heading of an answer: it tells what is asked, not what the answer is. */
const asked = /^(?:#?\d{1,2}[.:)]? )?(?:five )?why\b/i;

/** How a sentence is meant. */
export interface Mood {
  /** A question, a condition, a plan, a guess or others' words: nothing that the person says is so. */
  unreal: boolean;
  /** Below a heading of plans or aims, or a box that is not ticked; or of what is over (`bygone`). */
  aside: boolean;
  bygone: boolean;
  past: boolean;
  longAgo: boolean;
  denied: boolean;
  hedged: boolean;
  conditional: boolean;
  question: boolean;
  reported: boolean;
  imperative: boolean;
}

/** Reads the mood of a sentence, below headings (`under`), in a passage of this kind. */
export function moodOf(sentence: string, under: string, todo: boolean): Mood {
  // What stands before a colon labels the rest: the verb that follows it decides.
  const rest = sentence.replace(/^[^:]{1,60}:\s/, '');
  const mood = {
    question: /\?\s*$/.test(sentence),
    conditional: conditional.test(sentence),
    hedged: hedged.test(sentence),
    reported: reported.test(sentence),
    imperative: imperative.test(sentence) || imperative.test(rest),
    past: past.test(sentence),
    longAgo: longAgo.test(sentence),
    denied: denied.test(sentence),
    aside:
      todo ||
      bygone.test(under) ||
      under.split(' / ').some((heading) => !asked.test(heading) && aims.test(heading)),
    bygone: bygone.test(under),
  };
  const { question, reported: others } = mood;
  const unreal =
    question ||
    mood.conditional ||
    mood.hedged ||
    others ||
    mood.imperative ||
    goal.test(sentence) ||
    future.test(sentence);
  return { ...mood, unreal };
}

/** Whether the person says that something is so now. */
export function isAsserted(mood: Mood): boolean {
  return !mood.unreal && !mood.aside && !mood.past && !mood.longAgo && !mood.denied;
}
