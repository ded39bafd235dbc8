import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/criteria/types.ts';
import { gate, type Asker } from '../../../src/core/incident/gate.ts';
import { roles } from '../../../src/core/roles.ts';

/** The resolve gate: what the criteria say, who asks, and whether a reason was given. */

const reading = (result: Result) => ({ result });
const asker = (who: Partial<Asker>): Asker => ({ role: 'write', isLead: false, override: null, ...who });
const why = 'checked by hand';

describe('the gate', () => {
  test.each<[criteria: Result[], who: Partial<Asker>, answer: string]>([
    // Without an override it is the criteria alone, whoever asks.
    [['met', 'met'], {}, 'granted'],
    [['met', 'failed'], { role: 'admin', isLead: true }, 'refused, needs maintain'],
    [['met', 'unknown'], { role: 'admin', isLead: true }, 'refused, needs lead'],
    [['unknown', 'failed'], {}, 'refused, needs maintain'],
    [['unknown', 'unknown'], {}, 'refused, needs lead'],
    // A maintainer may pass over everything, with a reason.
    [['met', 'failed'], { role: 'maintain', override: why }, 'granted over 1'],
    [['unknown', 'failed'], { role: 'admin', override: why }, 'granted over 2'],
    [['unknown', 'met'], { role: 'maintain', override: why }, 'granted over 1'],
    // The lead may pass over what is unknown, and not over what fails.
    [['unknown', 'met'], { isLead: true, override: why }, 'granted over 1'],
    [['failed', 'met'], { isLead: true, override: why }, 'refused, needs maintain'],
    [['failed', 'unknown'], { isLead: true, override: why }, 'refused, needs maintain'],
    // Somebody else with write may pass over nothing.
    [['unknown', 'met'], { override: why }, 'refused, needs lead'],
    [['failed', 'met'], { override: why }, 'refused, needs maintain'],
    // A reason where nothing blocks overrides nothing.
    [['met', 'met'], { role: 'maintain', override: why }, 'granted'],
  ])('criteria %j, asked by %o: %s', (criteria, who, answer) => {
    const said = gate(criteria.map(reading), asker(who));
    const over = said.granted && said.overridden.length > 0 ? ` over ${String(said.overridden.length)}` : '';
    expect(said.granted ? `granted${over}` : `refused, needs ${said.needs}`).toBe(answer);
  });

  test('a refusal names what fails and what is unknown', () => {
    const results: Result[] = ['failed', 'met', 'unknown', 'failed'];
    const said = gate(
      results.map((result, place) => ({ result, place })),
      asker({}),
    );
    expect(said).toMatchObject({ failing: [{ place: 0 }, { place: 3 }], unknown: [{ place: 2 }] });
  });
});

const criteria = fc.array(fc.constantFrom<Result>('met', 'failed', 'unknown'), { maxLength: 8 });
const askers = fc.record({
  role: fc.constantFrom(...roles),
  isLead: fc.boolean(),
  override: fc.option(fc.string({ minLength: 1 }), { nil: null }),
});

describe('whatever is asked', () => {
  test('nothing is resolved over a failure without a reason of a maintainer', () => {
    fc.assert(
      fc.property(criteria, askers, (results, who) => {
        const isMaintainer = who.role === 'maintain' || who.role === 'admin';
        if (!results.includes('failed') || (isMaintainer && who.override !== null)) return;
        expect(gate(results.map(reading), who).granted).toBe(false);
      }),
    );
  });

  test('what is unknown never counts as met', () => {
    fc.assert(
      fc.property(criteria, askers, (results, who) => {
        if (!results.includes('unknown')) return;
        const said = gate(results.map(reading), who);
        // Granted only with a reason, and every unknown criterion is among those that were passed over.
        if (!said.granted) return;
        expect(who.override).not.toBeNull();
        expect(said.overridden.filter(({ result }) => result === 'unknown')).toHaveLength(
          results.filter((result) => result === 'unknown').length,
        );
      }),
    );
  });

  test('a refusal and an override name everything that is not met', () => {
    fc.assert(
      fc.property(criteria, askers, (results, who) => {
        const said = gate(results.map(reading), who);
        const named = said.granted ? said.overridden : [...said.failing, ...said.unknown];
        expect(named.map(({ result }) => result).toSorted()).toEqual(
          results.filter((result) => result !== 'met').toSorted(),
        );
      }),
    );
  });
});
