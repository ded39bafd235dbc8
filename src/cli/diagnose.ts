import { diagnose as diagnosisOf } from '../core/diagnose.ts';
import type { Contradiction, Diagnosis, Difference, ListedChange } from '../core/diagnosis.ts';
import { readAssessed, withAssessedOptions, type AssessedOptions } from './assessed.ts';
import { exit } from './io.ts';
import type { Subcommand } from './subcommand.ts';
import { printedJson } from './printed-json.ts';

/** Changes shown in words; a busy repository has hundreds of commits a day. */
const shownChanges = 30;

/** `sitrep diagnose`: what a snapshot tells. */
export const diagnose: Subcommand = {
  name: 'diagnose',
  summary: 'gives the whys of a snapshot with their cause, alternatives, changes and contradictions',
  examples: [
    'sitrep diagnose --config .github/sitrep.yml --snapshot snapshot.json',
    'sitrep diagnose --config .github/sitrep.yml --snapshot snapshot.json --json',
  ],
  declare: (command, line, done) =>
    void withAssessedOptions(command)
      .option('--json', 'prints the diagnosis as JSON')
      .action(async ({ json, ...options }: AssessedOptions & { json?: boolean }) => {
        const { configuration, snapshot } = await readAssessed(options, line);
        const diagnosis = diagnosisOf(configuration, snapshot);
        line.out(json === true ? printedJson(diagnosis) : inWords(diagnosis));
        done(exit.done);
      }),
};

function inTwoLines({ question, answer, confidence, share, evidence }: Diagnosis['chain'][number]): string[] {
  const covers = share === null ? '' : `, ${String(Math.round(share * 100))} % of it`;
  return [question, `  ${answer}${cited(evidence)} [${confidence}${covers}]`];
}

function inWords(diagnosis: Diagnosis): string {
  const {
    root,
    chain,
    findings,
    alternatives,
    second,
    unexplained,
    labels,
    contradictions,
    differences,
    missing,
    identities,
    changes,
    stated,
    classification,
    owner,
  } = diagnosis;
  return [
    `${root.verdict}: ${root.cause} (${root.component})${root.located ? `, located: ${root.located}` : ''}`,
    ...(classification === null ? [] : [`Class: ${classification.kind} (${classification.why})`]),
    ...(owner === null ? [] : [`Next with: ${owner.name} (${owner.why})`]),
    ...section('Whys', chain.flatMap(inTwoLines)),
    ...(second === null
      ? []
      : section(
          `Second cause, ${second.root.verdict}: ${second.root.cause} (${second.root.component})`,
          second.chain.flatMap(inTwoLines),
        )),
    ...section('Not explained by that', unexplained),
    ...section('Labels', labels),
    ...section(
      'Findings',
      findings.map(
        ({ cause, component, verdict, summary, mechanism, evidence }) =>
          `${verdict}: ${cause} (${component}): ${summary ?? mechanism}${cited(evidence)}`,
      ),
    ),
    ...section(
      'Alternatives',
      alternatives.map(
        ({ cause, component, verdict, why, decidedBy, statement }) =>
          `${verdict}: ${cause} (${component}): ${why}${cited(decidedBy)}${statement === undefined ? '' : ` ${statement}`}`,
      ),
    ),
    ...section(
      'Names',
      identities.map(
        ({ component, name, canonical, problem, why, evidence }) =>
          `${component}: ${problem === 'none' ? (canonical ?? name) : why}${cited(evidence)}`,
      ),
    ),
    ...section('Changes, the newest first', [
      ...changes.slice(0, shownChanges).map(changed),
      ...(changes.length > shownChanges
        ? [`and ${String(changes.length - shownChanges)} more (--json)`]
        : []),
    ]),
    ...section(
      'Said by people',
      stated.map(({ act, by, at, cause, component, text, effect, url }) => {
        const about = cause === null ? '' : ` ${cause}${component === null ? '' : ` (${component})`}`;
        return `@${by} ${at} ${act}${about}${text === '' ? '' : `: ${text}`} [${effect}] ${url}`;
      }),
    ),
    ...section('Contradictions', contradictions.map(sides)),
    ...section('Different figures', differences.map(figures)),
    ...section(
      'Would decide',
      missing.map(({ wouldDecide, command }) => `${wouldDecide}: ${command}`),
    ),
    '',
  ].join('\n');
}

function changed(change: ListedChange): string {
  const { at, component, what, relation, mechanism, minutesBeforeOnset: minutes, evidence } = change;
  const apart =
    minutes === null
      ? ''
      : `, ${String(Math.abs(minutes))} min ${minutes < 0 ? 'after' : 'before'} the failures`;
  const how = mechanism === null ? '' : `: ${mechanism}`;
  return `${at} ${component}: ${what}${cited(evidence)} [${words[relation]}${apart}${how}]`;
}

const words: Readonly<Record<ListedChange['relation'], string>> = {
  mechanism: 'mechanism',
  correlated: 'correlated only',
  after: 'after the failures began',
  undated: 'order not known',
};

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((text) => `  ${text}`)];
}

function sides({ about, sides: all }: Contradiction): string {
  const told = all.map(
    ({ value, evidence, statement }) => `${value} (${evidence ?? statement ?? 'configured'})`,
  );
  return `${about.component} ${about.signal}: ${told.join(' / ')}`;
}

/** What differs, each figure with its metric and window, and why that is no contradiction. */
function figures({ about, sides: all, why }: Difference): string {
  const told = all.map(
    ({ value, of, evidence, statement }) => `${value}, ${of} (${evidence ?? statement ?? 'configured'})`,
  );
  return `${about.component} ${about.signal}: ${told.join(' / ')}: ${why}`;
}

function cited(evidence: string[]): string {
  return evidence.length === 0 ? '' : ` (${evidence.join(', ')})`;
}
