import { parseArgs } from 'node:util';
import type { Measure, Measurement } from './measure.ts';
import { checkpoints100k } from './measures/checkpoints-100k.ts';
import { coldStartMeasure } from './measures/cold-start.ts';
import { collect200 } from './measures/collect-200.ts';
import { collect30 } from './measures/collect-30.ts';
import { diagnose500 } from './measures/diagnose-500.ts';
import { fourInstallations } from './measures/four-installations.ts';
import { idleRss } from './measures/idle-rss.ts';
import { incidents10k } from './measures/incidents-10k.ts';
import { intakeDurable } from './measures/intake-durable.ts';
import { intakeForeign } from './measures/intake-foreign.ts';
import { intakeSlowHandlers } from './measures/intake-slow-handlers.ts';
import { pickup } from './measures/pickup.ts';
import { renderLargest } from './measures/render-largest.ts';
import { signatures } from './measures/signatures.ts';
import { statusLatency } from './measures/status-latency.ts';
import { statusMemory } from './measures/status-memory.ts';
import { statusRequests } from './measures/status-requests.ts';
import { twoReplicas } from './measures/two-replicas.ts';

/** All measures, quickest first. */
const measures: readonly Measure[] = [
  renderLargest,
  diagnose500,
  signatures,
  statusRequests,
  statusLatency,
  collect30,
  collect200,
  pickup,
  coldStartMeasure,
  intakeForeign,
  intakeDurable,
  fourInstallations,
  idleRss,
  incidents10k,
  checkpoints100k,
  twoReplicas,
  intakeSlowHandlers,
  statusMemory,
];

const help = `npm run bench [-- [--json] [NAME …]]

Measures, each beside its baseline in the same run:
${measures.map(({ name, what }) => `  ${name.padEnd(20)} ${what}`).join('\n')}

Exit code: 0 when every goal holds, 1 when one does not, 2 when called wrongly.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const unknown = positionals.filter((name) => measures.every((measure) => measure.name !== name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no measure ${unknown.join(', ')}.\n\n${help}`);
    return 2;
  }
  const asked = measures.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const results: Record<string, Measurement> = {};
  for (const measure of asked) {
    process.stderr.write(`${measure.name}: ${measure.what}\n`);
    const result = await measure.run((line) => process.stderr.write(`  ${line}\n`));
    results[measure.name] = result;
    if (values.json !== true) process.stdout.write(inWords(measure.name, result));
  }
  if (values.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  return Object.values(results).every(({ holds }) => holds) ? 0 : 1;
}

function inWords(name: string, { value, unit, goal, bound, holds, beside }: Measurement): string {
  const lines = Object.entries(beside).map(([what, figure]) => `    ${what}: ${figure}`);
  return `${holds ? '✔' : '✘'} ${name}: ${String(value)} ${unit} (goal: ${bound} ${String(goal)})\n${lines.join('\n')}\n`;
}
