import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { currentWithPrefix } from '../observations.ts';
import { signal } from '../signals.ts';
import { claimOf } from './claims/claim.ts';
import { codeSaid } from './claims/infrastructure-as-code.ts';
import type { ReadStatement } from './claims/read.ts';
import { laidSideBySide } from './laid.ts';

/**
 * Whether the infrastructure is kept as code: what people say, against a Terraform state that differs from what is
 * live or holds it, and against each other.
 */
export function statedInfrastructureAsCode(
  found: Case,
  statements: readonly ReadStatement[],
): Contradiction[] {
  const terraform = Object.entries(found.configuration.components).flatMap(([id, { type }]) =>
    type === 'terraform-state' ? [id] : [],
  );
  const about = {
    component: terraform[0] ?? found.configuration.environment,
    signal: 'infrastructure_as_code',
  };
  const claims = statements.flatMap((statement) =>
    statement.sentences.flatMap((sentence) => {
      const said = codeSaid(sentence);
      return said === null ? [] : [claimOf(statement, { about, value: said.code, written: said.written })];
    }),
  );
  const compared = terraform.flatMap((id) => currentWithPrefix(found.index, id, signal.drift));
  const sides = compared.map(({ id, signal: name, value }) => ({
    value: `${name.slice(signal.drift.length)}: ${value}`,
    evidence: id,
  }));
  const differs = compared.some(({ value }) => value === 'differs' || value === 'not live');
  const held = compared.some(({ value }) => value === 'same' || value === 'differs');
  const split = new Set(claims.map(({ value }) => value)).size > 1;
  return laidSideBySide({
    about,
    measured: sides,
    claims,
    // What is in the state in part lets neither be simply wrong, unless the other is said too.
    refuted: ({ value }) => (value === 'maintained' ? differs || split : held),
    clash: (earlier, later) => earlier.value !== later.value,
  });
}
