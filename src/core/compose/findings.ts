import type { Diagnosis, Finding } from '../diagnosis.ts';

/** The root's own finding. */
export function rootFinding(diagnosis: Diagnosis): Finding | undefined {
  const { cause, component } = diagnosis.root;
  return diagnosis.findings.find((finding) => finding.cause === cause && finding.component === component);
}

/** Findings of what makes worse that began without it. */
export function amplifiers(diagnosis: Diagnosis): Finding[] {
  return diagnosis.findings.filter((finding) => finding.role === 'amplifier');
}
