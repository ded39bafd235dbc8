import { describe, expect, test } from 'vitest';
import { checkExpression } from '../../src/core/criteria.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { configuration } from './criteria.fixture.ts';

/** The faults of an expression: `code`, the characters that are marked, and what the remedy says. */
const faults = (expression: string): string[] =>
  checkExpression(expression, configuration).map(
    ({ code, offset, length, remedy }) => `${code} «${expression.slice(offset, offset + length)}» ${remedy}`,
  );

describe('what is right', () => {
  test.each([
    "probes.all(p, p.status == 200 && p.latency < duration('10s'))",
    'requests.count >= 30 && errors.share < 0.005',
    "elapsed >= duration('2h') && recovery < 0.5",
    "elapsed >= duration('8h') && trend != 'improving'",
    'incident.regression_of != 0',
    "'vpc-connector-saturated' in causes",
    "journeys['golden-path'].blocked",
    "components['backend'].healthy && components.api.state != 'failing'",
    'components.all(id, components[id].healthy)',
    "journeys['golden-path'].at == ''",
    "stage in ['monitoring', 'resolved'] || severity == 'P0'",
    "connect.p95 < duration('1m30s') && startup.share > 0.9",
    'probes.map(p, p.status).exists(s, s == 500)',
    "sockets.exists(s, s.id == 'chat' && s.open)",
    'probes.filter(p, !p.ok).size() <= 1',
    'errors.share < 0.5 ? true : requests.rate < 1.0',
  ])('%s', (expression) => {
    expect(faults(expression)).toEqual([]);
  });
});

describe('what is wrong, where, and the remedy', () => {
  test.each<[string, string[]]>([
    ['', ['syntax «» complete it, for example errors.share < 0.005']],
    ['errors.share <', ['syntax «<» complete it, for example errors.share < 0.005']],
    [
      "errors.share < 'x",
      ["syntax «'x» write it in CEL, for example errors.share < 0.005 && recovery == 1.0"],
    ],
    ['erors.share < 0.5', ['unknown-name «erors» did you mean errors?']],
    ['errors.shar < 0.5', ['unknown-field «shar» did you mean share?']],
    ['probes.all(p, p.stat == 200)', ['unknown-field «stat» did you mean status?']],
    ['errors.rate < 1.0', ['unknown-field «rate» it has count, share']],
    ["components['bakend'].healthy", ["unknown-component «'bakend'» did you mean backend?"]],
    ['components.bakend.healthy', ['unknown-component «bakend» did you mean backend?']],
    [
      "probes.exists(p, p.id == 'backend')",
      ["unknown-component «'backend'» the http components are api, web"],
    ],
    ["journeys['golden'].blocked", ["unknown-journey «'golden'» the journeys are golden-path"]],
    ["'config-drft' in causes", ["unknown-cause «'config-drft'» did you mean config-drift?"]],
    ["causes.exists(c, c == 'config-drft')", ["unknown-cause «'config-drft'» did you mean config-drift?"]],
    ["trend == 'better'", ["unknown-value «'better'» it is one of improving, steady, worsening"]],
    ["stage in ['monitorin']", ["unknown-value «'monitorin'» did you mean monitoring?"]],
    ['errors.count', ['not-bool «errors.count» compare it with something, for example errors.count == 0']],
    ['recovery == 1', ['wrong-type «recovery == 1» write the whole number with a point, for example 1.0']],
    ["elapsed > '2h'", ["wrong-type «elapsed > '2h'» write a length of time as duration('10s')"]],
    [
      "errors.count == '0'",
      ["wrong-type «errors.count == '0'» write a text in quotes, and a number without them"],
    ],
    [
      "elapsed > duration('1d')",
      [
        "wrong-duration «'1d'» write a number and h, m, s or ms, for example duration('90s'); a day is duration('24h')",
      ],
    ],
    [
      'probes[0] == probes[1]',
      ['wrong-type «probes[0] == probes[1]» compare one of its fields: id, status, latency, ok'],
    ],
    [
      'probes.all(a, probes.all(b, probes.all(c, c.ok)))',
      ['nested-macros «all» split the condition into several criteria'],
    ],
    [
      'probes.filter(p, p.ok).all(p, p.ok)',
      [
        "vacuous «all» apply it to the list itself and put the filter into the condition: probes.all(p, p.id != 'api' || p.ok)",
      ],
    ],
    [
      "'aaaa'.matches('(a+)+b')",
      [
        'unknown-function «matches» patterns are not allowed, they can run for minutes; use startsWith, endsWith or contains',
      ],
    ],
    ['p.status == 200', [expect.stringMatching(/^unknown-name «p» the names are probes, sockets, requests/)]],
    ['dyn(1) == 1', [expect.stringMatching(/^unknown-function «dyn» the functions are duration, size/)]],
    ['has(errors.share)', [expect.stringMatching(/^unknown-function «has»/)]],
    [`${'1+'.repeat(400)}1 > 0`, [expect.stringMatching(/^too-costly «1»/)]],
    [`${'('.repeat(30)}true${')'.repeat(30)}`, [expect.stringMatching(/^too-costly «\(»/)]],
    ['x'.repeat(2_001), [expect.stringMatching(/^too-long «x» split it/)]],
  ])('%s', (expression, expected) => {
    expect(faults(expression)).toEqual(expected);
  });

  test('all faults of one expression at once, in its order', () => {
    const expression = "erors.share < 1.0 && recovery == 1 || components['x'].healthy && !(requests.count)";
    expect(checkExpression(expression, configuration).map(({ code }) => code)).toEqual([
      'unknown-name',
      'wrong-type',
      'unknown-component',
      'not-bool',
    ]);
  });

  test('a condition over every pair of many probes costs too much', () => {
    const ids = Array.from({ length: 200 }, (_, n) => `p${n}`);
    const components = Object.fromEntries(
      ids.map((id) => [id, { type: 'http', url: `https://${id}.example.com` }]),
    );
    const many = repositorySchema.parse({ version: 1, components });
    const pairs = 'probes.all(a, probes.all(b, a.status == b.status))';
    expect(checkExpression(pairs, many)).toEqual([
      expect.objectContaining({ code: 'too-costly', offset: 0 }),
    ]);
    expect(checkExpression(pairs, configuration)).toEqual([]);
    expect(checkExpression('probes.all(p, p.ok && p.status == 200)', many)).toEqual([]);
  });

  test('a component that the file names and that has a fault of its own is known', () => {
    const faulty = {
      ...configuration,
      unreadable: [{ component: 'login', type: null, environment: null }],
    };
    const expression = "components['login'].healthy && probes.exists(p, p.id == 'login')";
    expect(checkExpression(expression, faulty)).toEqual([]);
  });
});
