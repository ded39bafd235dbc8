import type { Configuration } from '../../config/repository.schema.ts';
import { durationOf } from '../figures.ts';
import type { Severity } from './terms.ts';

const tenMinutes = 600_000;

/** Milliseconds between two refreshes of the living comment: shorter for a P0. */
export function refreshMs({ refresh }: Configuration, severity: Severity | null): number {
  return durationOf(severity === 'P0' ? refresh.P0 : refresh.other) ?? tenMinutes;
}
