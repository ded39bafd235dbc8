import type { Update } from '../update.ts';

const kinds: Readonly<Record<Update['kind'], true>> = {
  status: true,
  brief: true,
  'five-whys': true,
  criteria: true,
  diff: true,
  evidence: true,
  'evidence-all': true,
  'configuration-errors': true,
  help: true,
  notice: true,
  refusal: true,
  resolution: true,
  timeline: true,
  checkpoint: true,
  declare: true,
  living: true,
  escalation: true,
  postmortem: true,
  handoff: true,
};

/** The kinds of update, each with a template of its name. */
export const updateKinds: readonly string[] = Object.keys(kinds).sort();
