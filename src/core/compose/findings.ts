import type { Diagnosis, Finding } from '../diagnosis.ts';

/** The root's own finding. */
export function rootFinding(diagnosis: Diagnosis): Finding | undefined {
  return findingOf(diagnosis, diagnosis.root);
}

/** The finding of a cause in a component. */
export function findingOf(
  diagnosis: Diagnosis,
  { cause, component }: { cause: string; component: string },
): Finding | undefined {
  return diagnosis.findings.find((finding) => finding.cause === cause && finding.component === component);
}

/** Findings of what makes worse that began without it. */
export function amplifiers(diagnosis: Diagnosis): Finding[] {
  return diagnosis.findings.filter((finding) => finding.role === 'amplifier');
}
