import { configDrift } from './config-drift.ts';
import { crashOnStart } from './crash-on-start.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which equal hypotheses are named. */
export const rules: readonly Rule[] = [crashOnStart, configDrift];
