import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { diagnosisPage, diagnosisReference } from '../../../scripts/docs-diagnosis.ts';
import { causeIds } from '../../../src/core/causes.ts';
import { evidenceTable, priorOf, weightOf } from '../../../src/core/rules/evidence-table.ts';
import { rules } from '../../../src/core/rules/list.ts';

describe('the rules', () => {
  it('find all causes of the table, each by one rule and in its order', () => {
    expect([...rules.map(({ id }) => id), 'unknown']).toEqual(causeIds);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s: weighs every piece of its evidence',
    (id, rule) => {
      const keys = rule.evidence.map(({ key }) => key);
      const weights: Readonly<Record<string, object>> = evidenceTable.weights;
      expect(Object.keys(weights[id] ?? {}).toSorted()).toEqual(keys.toSorted());
      expect(priorOf(id)).toBeLessThan(0);
      for (const { key, need } of rule.evidence) {
        const present = weightOf(id, key)?.present ?? 0;
        expect(need === 'forbidden' ? -present : present).toBeGreaterThan(0);
      }
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s: is confirmed by all that is required, and not by less',
    (id, rule) => {
      const required = rule.evidence.filter(({ need }) => need === 'required');
      const score = required.reduce((sum, { key }) => sum + (weightOf(id, key)?.present ?? 0), priorOf(id));
      expect(score).toBeGreaterThanOrEqual(evidenceTable.margins.confirmed);
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s: is asked as a question', (_id, rule) => {
    expect(rule.question).toContain('{component}');
    expect(rule.question).toMatch(/\?$/);
    expect(rule.mechanism).toMatch(/\.$/);
    expect(rule.limits).toMatch(/\.$/);
    expect(rule.decides).toMatch(/^whether .*[^.]$/);
  });
});

describe('the tables of the code that know no cause', () => {
  it('give nothing for a key that they do not hold', () => {
    expect(weightOf('quota-exhausted', 'exit')).toBeNull();
    expect(weightOf('crash-on-start', 'constructor')).toBeNull();
  });
});

it('docs/diagnosis.md is up to date (node scripts/docs-diagnosis.ts)', async () => {
  expect(await readFile(diagnosisPage, 'utf8')).toBe(await diagnosisReference());
});
