import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { causes } from '../src/core/causes.ts';
import { sufficientShare } from '../src/core/diagnose/traversal.ts';
import { longestChain } from '../src/core/diagnose/chain-length.ts';
import { causesWithoutRule } from '../src/core/rules/causes-without-rule.ts';
import { mechanismTexts } from '../src/core/rules/drift-mechanisms.ts';
import { evidenceTable, priorOf, weightOf } from '../src/core/rules/evidence-table.ts';
import { rules } from '../src/core/rules/list.ts';
import type { Rule } from '../src/core/rules/rule.ts';
import { loadedCpu } from '../src/core/states/connector.ts';
import { fullConnections } from '../src/core/states/cloud-sql.ts';
import { graphOfServices } from './graph-of-services.ts';
import {
  degradedShare,
  failingShare,
  recoveredAfterMinutes,
  recoveredAfterRequests,
  recoveredUncountedMinutes,
} from '../src/core/states/errors.ts';

/**
 * Makes `docs/diagnosis.md` from the rules and their table.
 *
 *   node scripts/docs-diagnosis.ts
 */

/** Where the page stands. */
export const diagnosisPage = join(import.meta.dirname, '..', 'docs', 'diagnosis.md');

/** The page as it should be. */
export async function diagnosisReference(): Promise<string> {
  const { confirmed, probable } = evidenceTable.margins;
  const page = `# How Sitrep reads states and finds causes

<!-- Made from src/core/rules by scripts/docs-diagnosis.ts; changes here are overwritten. -->

A diagnosis is made from one snapshot and nothing else: the same snapshot gives the same diagnosis, byte for byte.

## States

A component is **healthy** only where something shows that it works. A present state that reads right (\`READY\`, \`RUNNABLE\`) is a setting that was accepted; without a figure of load or an answer it is **unknown**, as is everything that could not be read.

| type | failing | degraded | healthy | unknown |
| --- | --- | --- | --- | --- |
| \`cloud-run\` | ${failingShare} % of requests or more 5xx, counted for the serving revision where that is known; not ready and no older revision serves | ${degradedShare} % or more 5xx; container exits of a revision in use; the latest revision not ready while an older one serves; an endpoint of it fails | ready, and requests with less than ${degradedShare} % 5xx, or recovered; or its endpoint answers as expected | ready, and no request seen |
| \`vpc-connector\` | state other than \`READY\`; at its maximum of instances with CPU at ${loadedCpu} % or more | at its maximum of instances; \`UPDATING\` | \`READY\` and below its maximum | \`READY\`, and its load could not be read |
| \`cloud-sql\` | state other than \`RUNNABLE\`, stopped, or \`up\` is 0 | an operation in progress; open connections at ${fullConnections * 100} % of the limit or more | \`RUNNABLE\`, and \`up\` is 1 or connections are open | \`RUNNABLE\`, and neither could be read |
| \`http\` | another status, body or redirect than expected, in one of the samples | as expected, but late | as expected and in time, in all samples | no answer to one of them |
| \`websocket\` | the handshake refused; closed by the server at once with a code other than 1000 and 1001; the expected message did not come | opened late | opened in time, and the expected message came | no answer |
| \`metric\` | the last value beyond \`failing\` | beyond \`degraded\` | within both, for every series | no value of the last 10 minutes, or none that is a number; no threshold |
| \`log-filter\` | the count beyond \`failing\` | beyond \`degraded\` | within both | not all entries were read, and those that were are not beyond; no threshold |
| \`service\` | see below | see below | see below | see below |
| others | – | – | – | nothing reads them yet |

A service with more 5xx in the window no longer fails once none came for ${recoveredAfterMinutes} minutes while requests went on, and is degraded (recovering) until it counts as recovered: its serving revision had no 5xx at all and at least ${recoveredAfterRequests} requests in the window; where the serving revision had 5xx itself, the requests since are not counted apart, and it takes ${recoveredUncountedMinutes} minutes and ${recoveredAfterRequests} answers without 5xx in the window.

A journey is blocked at its first failing step. Where no step fails and one is unknown, it is not known whether it is blocked.

## The walk

1. It begins at the failing steps of the first blocked journey; without one, at failing endpoints, then at failing services.
2. It follows edges that the configuration proves (\`depends_on\`, \`via\`) or an API shows (a revision attached to a connector or a database). An edge to a connector that the API shows detached is left out.
3. An edge is followed only if the dependency is abnormal, the effect says so itself (its status, lines of its log that point there), at least ${sufficientShare * 100} % of its failures say so, and the dependency did not fail later.
4. Every failing component on the way is examined by every rule for its type.
5. The chain ends in a cause, or in \`unknown\` with the query that would decide. It has at most ${longestChain} steps and is never padded.

## Verdicts

A cause must pass five gates: it lies on a path to what fails; it began no later than its effect, within the resolution of the data; it accounts for at least ${sufficientShare * 100} % of the failing services' 5xx; no forbidden observation; and no abnormal dependency behind it, unless its evidence is direct. What could not be read leaves a gate open.

- **confirmed**: all required observations, all gates passed, and at least ${confirmed} dB ahead of the next hypothesis
- **probable**: all required observations, no gate failed, and at least ${probable} dB ahead
- **unknown**: everything else

Weights are in decibans (dB): 10 dB are odds of ten to one. "Another cause" stands at 0 dB. Each line of the tables counts once, whatever the number of observations behind it. Priors come from the postmortem analysis in Google's SRE workbook; the other weights are expert settings (version ${evidenceTable.version} of the table).

## Rules

${rules.map(ruleSection).join('\n')}
## Causes without a rule

They are named as alternatives: untested with what would decide, with what was read for and against where that is much of it but no rule judges it, or refuted where an observation speaks against them.

| cause | what it is | what would decide |
| --- | --- | --- |
${causesWithoutRule.map(({ id, decides }) => `| \`${id}\` | ${causes[id]} | ${decides.replaceAll('{component}', 'the component')} |`).join('\n')}

${graphOfServices()}
## Contradictions

Sources that disagree are laid side by side: the configuration and an API (\`expect.env\`, \`expect.egress\`, names), two APIs, or what a person said and an API. A statement is compared only where it plainly names a database, a number for a variable, a component as healthy, \`--max-instances\` of a connector above its documented maximum, or the availability of the whole within the window. It never becomes an observation.
`;
  return format(page, { parser: 'markdown', printWidth: 110, proseWrap: 'preserve' });
}

function ruleSection(rule: Rule): string {
  const prior = priorOf(rule.id);
  const rows = rule.evidence.map(({ key, need, text }) => {
    const weight = weightOf(rule.id, key);
    return `| ${text} | ${need} | ${weight ? signed(weight.present) : ''} | ${weight ? signed(weight.absent) : ''} |`;
  });
  const mechanisms =
    rule.id === 'config-drift'
      ? `\nMechanisms:\n\n${mechanismTexts.map((text) => `- ${text}`).join('\n')}\n`
      : '';
  return `### \`${rule.id}\`

${causes[rule.id]}. ${rule.question.replaceAll('{component}', '`component`')} ${rule.mechanism} Asked of: ${rule.appliesTo.map((type) => `\`${type}\``).join(', ')}. Prior: ${prior === null ? 'none' : `${signed(prior)} dB`}.

| observation | need | there, dB | not there, dB |
| --- | --- | --- | --- |
${rows.join('\n')}
${mechanisms}`;
}

function signed(decibans: number): string {
  return decibans > 0 ? `+${decibans}` : String(decibans).replace('-', '−');
}

if (import.meta.main) {
  await writeFile(diagnosisPage, await diagnosisReference());
}
