import type { CauseId } from '../causes.ts';
import type { Block } from './issue-blocks.ts';

/** A sentence that says what it was in the end. */
const concludes =
  /\b(?:root[ -]cause|caused by|cause was|the cause|turned out|culprit|because of|due to|it was the|the reason|the problem was)\b/i;
const open =
  /\?\s*$|\b(?:maybe|perhaps|might|could be|not sure|suspect|probably|possibly|unclear|not caused|unlikely|was not|isn'?t|not the)\b/i;

/** How people name the causes that Sitrep knows, where they say what it was. */
const words: readonly (readonly [RegExp, CauseId])[] = [
  [
    /connector.{0,60}\b(?:full|saturat|exhaust|maxed|max(?:imum)? (?:of )?instances|at (?:its )?limit|throughput|\d+\/\d+)|saturated (?:vpc )?connector/i,
    'vpc-connector-saturated',
  ],
  [
    /connector.{0,60}\b(?:delet|destroy|missing|gone|does not exist|error state|removed)/i,
    'vpc-connector-unavailable',
  ],
  [/\begress\b/i, 'egress-misrouted'],
  [
    /\bbad (?:deploy|release|build)|(?:bug|regression) in (?:the )?(?:deploy|release|version|build)|introduced (?:by|in) (?:the )?(?:deploy|release|#\d)/i,
    'bad-deploy',
  ],
  [/out of memory|\boom(?:-?kill(?:ed)?)?\b|memory (?:limit|leak)/i, 'out-of-memory'],
  [
    /too many (?:connections|clients)|connections? (?:were |was )?(?:exhausted|used up)|max_connections|connection leak|no free connections/i,
    'cloudsql-connections-exhausted',
  ],
  [
    /(?:database|cloud ?sql|instance|postgres|mysql).{0,40}\b(?:maintenance|failover|suspended|stopped|was down|restart)/i,
    'cloudsql-unavailable',
  ],
  [
    /(?:missing|lack(?:ed|ing)|lost|wrong) (?:a |the |its )?(?:permission|grant|role)|password (?:was )?(?:rotated|changed)|cloudsql\.client/i,
    'cloudsql-permission',
  ],
  [/secret.{0,40}\b(?:disabled|destroyed|deleted|version|rotat|unreadable|newline)/i, 'secret-inaccessible'],
  [
    /(?:env(?:ironment)?(?: variable)?|setting|configuration|config|[A-Z]{3,}_[A-Z_]{2,}).{0,60}\b(?:changed|wrong|missing|reset|overwritten|lowered|set to|dropped|drift)/i,
    'config-drift',
  ],
  [/startup probe|start(?:s|ed|up)? (?:too )?slow/i, 'startup-timeout'],
  [/max(?:imum)?[ -]instances|maximum of instances/i, 'max-instances-reached'],
  [/cold starts?|scal(?:ed|ing) too (?:slow|late)/i, 'scaling-lag'],
  [
    /region(?:al)? (?:incident|outage)|google (?:outage|incident)|outage (?:at|of) google/i,
    'regional-incident',
  ],
  [/\bquota\b/i, 'quota-exhausted'],
  [
    /(?:provider|partner|third[ -]party|outside|external|upstream).{0,40}\b(?:down|outage|dependency|unavailable|dns)/i,
    'dependency-unavailable',
  ],
];

/**
 * The cause that the last concluding sentence of an issue states; null where none does, or where it names more than one
 * that Sitrep knows. It only keeps a regression from being claimed, and never makes one.
 */
export function statedCause(blocks: readonly Block[]): CauseId | null {
  const sentences = blocks
    .filter(({ kind }) => kind === 'prose')
    .flatMap(({ lines }) => lines.join(' ').split(/(?<=[.!?])\s+/))
    .filter((sentence) => concludes.test(sentence) && !open.test(sentence));
  const stated = sentences.map(causesIn).findLast((found) => found.length > 0) ?? [];
  return stated.length === 1 ? (stated[0] ?? null) : null;
}

function causesIn(sentence: string): CauseId[] {
  return words.filter(([pattern]) => pattern.test(sentence)).map(([, cause]) => cause);
}
