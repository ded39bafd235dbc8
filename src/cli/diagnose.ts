import { diagnose as diagnosisOf } from '../core/diagnose.ts';
import type { Contradiction, Diagnosis } from '../core/diagnosis.ts';
import { readAssessed, withAssessedOptions, type AssessedOptions } from './assessed.ts';
import { exit } from './io.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep diagnose`: what a snapshot tells. */
export const diagnose: Subcommand = {
  name: 'diagnose',
  summary: 'gives the findings, why chain, alternatives and contradictions of a snapshot',
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
        line.out(json === true ? `${JSON.stringify(diagnosis, null, 2)}\n` : inWords(diagnosis));
        done(exit.done);
      }),
};

function inWords({ root, chain, findings, alternatives, contradictions, missing }: Diagnosis): string {
  return [
    `${root.verdict}: ${root.cause} (${root.component})${root.located ? `, located: ${root.located}` : ''}`,
    ...section(
      'Whys',
      chain.flatMap((step) => [step.question, `  ${step.answer}${cited(step.evidence)}`]),
    ),
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
        ({ cause, component, verdict, why, decidedBy }) =>
          `${verdict}: ${cause} (${component}): ${why}${cited(decidedBy)}`,
      ),
    ),
    ...section('Contradictions', contradictions.map(sides)),
    ...section(
      'Would decide',
      missing.map(({ wouldDecide, command }) => `${wouldDecide}: ${command}`),
    ),
    '',
  ].join('\n');
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((text) => `  ${text}`)];
}

function sides({ about, sides: all }: Contradiction): string {
  const told = all.map(
    ({ value, evidence, statement }) => `${value} (${evidence ?? statement ?? 'configured'})`,
  );
  return `${about.component} ${about.signal}: ${told.join(' / ')}`;
}

function cited(evidence: string[]): string {
  return evidence.length === 0 ? '' : ` (${evidence.join(', ')})`;
}
