import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { causes } from '../src/core/causes.ts';
import { classOfCause } from '../src/core/diagnose/classification.ts';
import { sufficientShare } from '../src/core/diagnose/traversal.ts';
import { longestChain } from '../src/core/diagnose/chain-length.ts';
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
| \`secret\` | the version in use is \`DISABLED\` or \`DESTROYED\` | the secret is deleted by itself within 14 days | the version in use is \`ENABLED\` | not read |
| \`load-balancer\` | the gravest of its signs: certificates, the health of its groups, the share of 5xx | the same, less grave; a certificate that ends soon | requests without material 5xx, or endpoints that Google finds healthy | neither was read |
| \`google-region\` | an event goes on that is verified to impact the project, or that the public feed calls an outage | any other event goes on | no event goes on | not read |
| \`terraform-state\` | – | a component that was compared differs | all that were compared are the same | nothing could be compared |

A service with more 5xx in the window no longer fails once none came for ${recoveredAfterMinutes} minutes while requests went on, and is degraded (recovering) until it counts as recovered: its serving revision had no 5xx at all and at least ${recoveredAfterRequests} requests in the window; where the serving revision had 5xx itself, the requests since are not counted apart, and it takes ${recoveredUncountedMinutes} minutes and ${recoveredAfterRequests} answers without 5xx in the window.

A journey is blocked at its first failing step. Where no step fails and one is unknown, it is not known whether it is blocked.

## The walk

1. It begins at the failing steps of the first blocked journey; without one, at failing endpoints, then at failing services.
2. It follows edges that the configuration proves (\`depends_on\`, \`via\`, the region in which a resource lies) or an API shows (a revision attached to a connector or a database). An edge to a connector that the API shows detached is left out.
3. An edge is followed only if the dependency is abnormal, or was away when the effect began, or Cloud Run or the database itself says that the effect cannot have it; if the effect says so itself (its status, lines of its log that point there); if at least ${sufficientShare * 100} % of its failures say so; and if the dependency did not fail later. Lines that another revision logs while its requests are answered are noise.
4. Every component that the walk came to, and what these need directly, is examined by every rule for its type.
5. The chain ends in a cause, or in \`unknown\` with the query that would decide. It has at most ${longestChain} steps and is never padded: where the step to a dependency shows all the evidence of its cause, no further step repeats it.
6. Where users miss something that does not lead to that cause, the rest is walked for itself: a second cause is named where it can be, and what stays unexplained is listed.

## Verdicts

A cause must pass five gates: it lies on a path to what fails; it began no later than its effect, within the resolution of the data; it accounts for at least ${sufficientShare * 100} % of the failing services' 5xx; no forbidden observation; and no abnormal dependency behind it, unless its evidence is direct. What could not be read leaves a gate open.

- **confirmed**: all required observations, all gates passed, and at least ${confirmed} dB ahead of the next hypothesis
- **probable**: all required observations, no gate failed, and at least ${probable} dB ahead
- **unknown**: everything else

Two hypotheses do not compete where different services fail by them, where one only looks so because of the other, or where what lies behind a service explains it; unless the revision before worked beside the same dependencies. Where something that would confirm a cause cannot be read by any means that Sitrep has, it is at most probable.

Weights are in decibans (dB): 10 dB are odds of ten to one. "Another cause" stands at 0 dB. Each line of the tables counts once, whatever the number of observations behind it. Priors come from the postmortem analysis in Google's SRE workbook; the other weights are expert settings (version ${evidenceTable.version} of the table).

## Rules

${rules.map(ruleSection).join('\n')}
## Names

Before anything else names are resolved to the ids that the APIs have: the connection name of a database, the resource name in full of a service, a connector, a load balancer and a secret (with its version), the address of a Terraform state. A name that does not exist, two components that are one resource, and a service that is attached to a resource of the same name in another project or region are findings. Where two components are one resource, a cause of the one is no rival of, and no alternative to, the same cause in the other; everything else of them is judged apart.

## What people say of the whys

A person can add to the whys, accept a cause or refute one, with a reason; the statement is shown with its author, time and link. A refuted cause cannot be the root: it is listed among the alternatives as refuted by that person, and the search goes on among the rest. Measured evidence that says otherwise is named beside it. An accepted cause is shown as accepted. Nothing that is said becomes a measurement or raises a verdict, and the latest word about a cause and a component counts.

## Changes

All that was changed in the 24 hours before the failures began, and since, stands in one list: revisions with their settings, commits, pull requests, deployments and runs, Terraform states, versions of secrets, operations on databases, and limits that are not what the update before read. Readings are put together as one change only where that is proven: the same commit, an image that names it, the same revision, the same operation.

| relation | when |
| --- | --- |
| mechanism | a reading ties it to the failures: a changed setting by the table of \`config-drift\`, while it is in force; a cause that was found and rests on it; an operation on a failing database that was under way when the failures began |
| correlated | it was done before, and nothing but the time ties it to the failures: timing alone is no cause |
| after | it was done since the failures began; with a mechanism it makes them worse |
| undated | which of the two came first is not known |

## Class and owner

The class of the root follows from its cause; where a cause of another class makes the outage worse, that is said with it. Who takes it on is the \`owner\` of the root's component, without one the contact with role \`provider\` for what lies with the platform, else the first contact with role \`primary\`. Where there is none, the diagnosis says what to configure.

| class | causes |
| --- | --- |
${classes()}

${graphOfServices()}
## Contradictions

Sources that disagree are laid side by side, each side with its evidence, its link or \`sitrep.yml\`:

| kind | what disagrees |
| --- | --- |
| \`configured-measured\` | \`expect:\` and names of the configuration, and what an API shows of what is in use |
| \`measured-measured\` | two APIs: the database that a service is attached to and the one that exists; a connector that is \`READY\` without instances, or without traffic while a service sends through it; an instance that is \`RUNNABLE\` and not up; a service that answers without an instance. A metric's last point counts where it is at most 10 minutes older than the reading |
| \`previous-measured\` | the update before and this one: a count or a maximum that is lower over a window that holds the one before, two values of one setting of one revision, an onset before the last update that has moved by more than its points are wide (2, 10 or 30 minutes for up to 10, 60 or more components). What changed in between is no contradiction |
| \`stated-measured\` | what a person says and a reading, with all others who say something of it |
| \`stated-stated\` | people with each other, where nothing measured decides |
| \`configured-stated\` | a threshold that a person names, and that of the success criterion for the same signal |

A statement never becomes an observation. Of its text (the first 16,000 characters, 1,000 lines, each cut at 600, and 500 sentences) these claims are read:

| about | is read from | compared with |
| --- | --- | --- |
| a variable, or the timeout of database connections | \`DATABASE_TIMEOUT=75.0\`, "75.0 s database timeout", "times out after 20.0s", "reverted from 75.0s to 15.0s", "8.0s → 20.0s → 25.0s" (the last one) | the serving revision; what a change has made wrong since is left out |
| the name of a Cloud SQL instance | words, commands, socket paths | the API's name |
| whether a component works | its id, its provider's name, or "Cloud SQL", "VPC connector", "load balancer" where there is one of them, and a state right after it | its state, from the beginning of the window on |
| availability and recovery of the whole | "availability: 0 %", "33 % service recovery" | the share of serving components that are healthy |
| the outcome | "can be closed", "appears resolved", "keep open", "status: ongoing" | a serving component or an endpoint that fails |
| infrastructure as code | "properly maintained", "missing" | the Terraform state |
| thresholds of start-up success, time to connect, endpoints | below a heading of criteria, or with "need", "target" | the configured success criteria |
| \`--max-instances\` of a connector | the flag | its documented maximum |

Not read as claims: quotes, HTML comments, questions, conditions, guesses, aims and plans (also by their heading, or a box that is not ticked), what was so earlier, others' words, other environments and regions. Nothing in a fence is a claim either, since a log line is not what the person says is so; names and flags in commands are, since they are there to be run.

\`differences\` holds figures that look alike and do not contradict each other, each with its metric and window: counts of errors of several kinds, a metric's point that is older than the state beside it, and a "connectivity" in per cent, which no reading gives.
`;
  return format(page, { parser: 'markdown', printWidth: 110, proseWrap: 'preserve' });
}

function classes(): string {
  return [...Map.groupBy(Object.entries(classOfCause), ([, kind]) => kind)]
    .map(([kind, alike]) => `| ${kind} | ${alike.map(([cause]) => `\`${cause}\``).join(', ')} |`)
    .join('\n');
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

${causes[rule.id]}. ${rule.question.replaceAll('{component}', '`component`')} ${rule.mechanism} Asked of: ${rule.appliesTo.map((type) => `\`${type}\``).join(', ')}. Prior: ${signed(prior)} dB.

| observation | need | there, dB | not there, dB |
| --- | --- | --- | --- |
${rows.join('\n')}
${mechanisms}
Limits: ${rule.limits} What would decide: ${rule.decides.replaceAll('{component}', '`component`')}.
`;
}

function signed(decibans: number): string {
  return decibans > 0 ? `+${decibans}` : String(decibans).replace('-', '−');
}

if (import.meta.main) {
  await writeFile(diagnosisPage, await diagnosisReference());
}
