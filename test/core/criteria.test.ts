import { describe, expect, test } from 'vitest';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { evaluate, readCriteria } from '../../src/core/criteria.ts';
import type { Evaluation } from '../../src/core/criteria.ts';
import { celNames } from '../../src/core/criteria/names.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Gap, Observation, Snapshot } from '../../src/core/snapshot.ts';
import { configuration, gap, input, quiet, saw, windowBefore } from './criteria.fixture.ts';

const traffic = (requests: string, errors: string): Observation[] => [
  saw('E1', 'backend', 'requests', requests),
  saw('E2', 'backend', 'requests.5xx', errors),
];
const before = (requests: string, errors: string): Observation[] => [
  saw('E3', 'backend', 'requests', requests, { window: windowBefore }),
  saw('E4', 'backend', 'requests.5xx', errors, { window: windowBefore }),
];
const apiAnswers = (status: string, seconds: string): Observation[] => [
  saw('E5', 'api', 'status', status),
  saw('E6', 'api', 'latency', seconds),
];
const webAnswers = (status: string, seconds: string): Observation[] => [
  saw('E7', 'web', 'status', status),
  saw('E8', 'web', 'latency', seconds),
];
const webTimedOut = gap('E9', 'web', 'status', 'timeout');
const anyText: unknown = expect.any(String);
const anyList: unknown = expect.any(Array);

const stable = 'requests.count >= 30 && errors.share < 0.005';
const endpoints = "probes.all(p, p.status == 200 && p.latency < duration('10s'))";

interface Row {
  name: string;
  when: string;
  seen?: Observation[];
  gaps?: Gap[];
  snapshot?: Partial<Snapshot>;
  diagnosis?: Diagnosis | null;
  is: Evaluation['result'];
  why?: string;
  evidence?: string[];
}

const untestedConnector: Diagnosis = {
  ...quiet,
  alternatives: [
    { cause: 'vpc-connector-saturated', component: 'c', verdict: 'untested', decidedBy: [], why: 'denied' },
    { cause: 'regional-incident', component: 'region', verdict: 'refuted', decidedBy: ['E9'], why: 'none' },
  ],
};
const driftFound: Diagnosis = {
  ...untestedConnector,
  verdict: 'probable',
  root: { cause: 'config-drift', component: 'backend', verdict: 'probable' },
  findings: [
    {
      cause: 'config-drift',
      component: 'backend',
      verdict: 'probable',
      decibans: 7,
      mechanism: '',
      evidence: ['E20'],
      onset: null,
      items: [],
    },
  ],
};

const rows: Row[] = [
  {
    name: 'traffic without errors',
    when: stable,
    seen: traffic('1200', '3'),
    is: 'met',
    why: 'requests.count 1,200 (limit 30); errors.share 0.25 % (limit 0.5 %)',
    evidence: ['E1', 'E2'],
  },
  {
    name: 'traffic with errors',
    when: stable,
    seen: traffic('50', '46'),
    is: 'failed',
    why: 'requests.count 50 (limit 30); errors.share 92 % (limit 0.5 %)',
  },
  {
    name: 'too little traffic decides, errors are not asked for',
    when: stable,
    seen: traffic('12', '0'),
    is: 'failed',
    why: 'requests.count 12 (limit 30); errors.share 0 % (limit 0.5 %)',
    evidence: ['E1', 'E2'],
  },
  {
    name: 'silence is not "no errors"',
    when: 'errors.share < 0.005',
    seen: traffic('0', '0'),
    is: 'unknown',
    why: 'errors.share could not be read: there were no requests in the window, and silence proves nothing',
    evidence: ['E1', 'E2'],
  },
  { name: 'nor is it no errors counted', when: 'errors.count == 0', seen: traffic('0', '0'), is: 'unknown' },
  { name: 'no errors among requests', when: 'errors.count == 0', seen: traffic('9', '0'), is: 'met' },
  {
    name: 'an empty series is not a zero',
    when: 'requests.count < 30',
    gaps: [gap('E1', 'backend', 'requests', 'no-data')],
    is: 'unknown',
    why: 'requests.count could not be read: backend: no data in the window',
    evidence: ['E1'],
  },
  {
    name: 'a lower bound is not the value',
    when: 'requests.count < 30',
    seen: [saw('E1', 'backend', 'requests', '12', { partial: true })],
    is: 'unknown',
    why: 'requests.count could not be read: backend: only a part of requests was read',
  },
  {
    name: 'a value per revision is added up',
    when: 'requests.count == 30',
    seen: [
      saw('E1', 'backend', 'requests', '10', { revision: 'a' }),
      saw('E2', 'backend', 'requests', '20', { revision: 'b' }),
    ],
    is: 'met',
    evidence: ['E1', 'E2'],
  },
  { name: 'requests a second', when: 'requests.rate == 0.5', seen: traffic('1800', '0'), is: 'met' },
  {
    name: 'all endpoints answer',
    when: endpoints,
    seen: [...apiAnswers('200', '0.12'), ...webAnswers('200', '1.5')],
    is: 'met',
    why: 'api: status 200 (wanted 200), latency 120 ms (limit 10 s); web: status 200 (wanted 200), latency 1.5 s (limit 10 s)',
    evidence: ['E5', 'E6', 'E7', 'E8'],
  },
  {
    name: 'one endpoint fails',
    when: endpoints,
    seen: [...apiAnswers('503', '0.12'), ...webAnswers('200', '1.5')],
    is: 'failed',
    why: 'api: status 503 (wanted 200); web: status 200 (wanted 200), latency 1.5 s (limit 10 s)',
    evidence: ['E5', 'E7', 'E8'],
  },
  {
    name: 'a missing probe turns nothing green',
    when: endpoints,
    seen: apiAnswers('200', '0.12'),
    gaps: [webTimedOut],
    is: 'unknown',
    why: 'web status could not be read: no answer in time',
    evidence: ['E5', 'E6', 'E9'],
  },
  {
    name: 'a missing probe beside one that fails',
    when: endpoints,
    seen: apiAnswers('503', '0.12'),
    gaps: [webTimedOut],
    is: 'failed',
  },
  {
    name: 'a missing probe before one that fails',
    when: endpoints,
    seen: webAnswers('503', '0.1'),
    gaps: [gap('E9', 'api', 'status', 'timeout')],
    is: 'failed',
    why: 'web: status 503 (wanted 200)',
  },
  { name: 'nothing at all was read', when: endpoints, is: 'unknown' },
  {
    name: 'ok is as the component expects: 204 within 2 s',
    when: "probes.exists(p, p.id == 'web' && p.ok)",
    seen: [...apiAnswers('200', '1'), ...webAnswers('204', '2')],
    is: 'met',
  },
  {
    name: 'ok is not later than the component expects',
    when: 'probes.all(p, p.ok)',
    seen: [...apiAnswers('200', '1'), ...webAnswers('204', '2.1')],
    is: 'failed',
    why: 'api: ok; web: not ok',
  },
  {
    name: 'a wrong status is not ok without a time',
    when: 'probes.all(p, p.ok)',
    seen: [...apiAnswers('200', '1'), saw('E7', 'web', 'status', '500')],
    is: 'failed',
  },
  {
    name: 'counting what fails needs all of them',
    when: 'probes.filter(p, !p.ok).size() == 0',
    seen: apiAnswers('200', '1'),
    gaps: [webTimedOut],
    is: 'unknown',
  },
  {
    name: 'a socket that was accepted',
    when: 'sockets.all(s, s.open)',
    seen: [saw('E10', 'chat', 'status', '101')],
    is: 'met',
    evidence: ['E10'],
  },
  {
    name: 'a socket that was refused',
    when: 'sockets.all(s, s.open)',
    seen: [saw('E10', 'chat', 'status', '502')],
    is: 'failed',
    why: 'chat: not open',
  },
  {
    name: 'a socket that was not asked',
    when: 'sockets.all(s, s.open)',
    gaps: [gap('E10', 'chat', '*', 'unsupported')],
    is: 'unknown',
  },
  {
    name: 'the 95th of twenty connect times',
    when: "connect.p95 == duration('19s')",
    seen: Array.from({ length: 20 }, (_, n) => saw(`E${n + 1}`, 'backend', 'connect.time', String(n + 1))),
    is: 'met',
  },
  { name: 'no connect time', when: "connect.p95 < duration('35s')", is: 'unknown' },
  {
    name: 'connect times beside logs that were denied',
    when: "connect.p95 < duration('35s')",
    seen: [saw('E1', 'backend', 'connect.time', '3')],
    gaps: [gap('E2', 'backend', '*', 'denied', 'logging.googleapis.com')],
    is: 'unknown',
    why: 'connect.p95 could not be read: backend: access denied',
  },
  {
    name: 'nine of ten starts',
    when: 'startup.share >= 0.9',
    seen: [saw('E1', 'backend', 'starts', '10'), saw('E2', 'backend', 'starts.ready', '9')],
    is: 'met',
    why: 'startup.share 90 % (limit 90 %)',
  },
  {
    name: 'nothing started',
    when: 'startup.share >= 0.9',
    seen: [saw('E1', 'backend', 'starts', '0'), saw('E2', 'backend', 'starts.ready', '0')],
    is: 'unknown',
  },
  {
    name: 'a part of the connect times, the newest',
    when: "connect.p95 < duration('35s')",
    seen: [saw('E1', 'backend', 'connect.time', '22.4', { partial: true })],
    is: 'met',
    why: 'connect.p95 22.4 s, of the newest 1 (limit 35 s)',
  },
  {
    name: 'starts beside logs of starts that were denied',
    when: 'startup.share >= 0.9',
    seen: [saw('E1', 'backend', 'starts', '10'), saw('E2', 'backend', 'starts.ready', '9')],
    gaps: [gap('E3', 'backend', 'exit.', 'timeout', 'logging.googleapis.com')],
    is: 'unknown',
    why: 'startup.share could not be read: backend: no answer in time',
  },
  {
    name: 'an endpoint that fails',
    when: "components['api'].state == 'failing' && !components['api'].healthy",
    seen: apiAnswers('503', '1'),
    is: 'met',
    why: 'api: failing, not healthy',
    evidence: ['E5', 'E6'],
  },
  {
    name: 'an unknown state is not "not failing"',
    when: "components['api'].state != 'failing'",
    is: 'unknown',
  },
  {
    name: 'a journey whose first step fails',
    when: "journeys['golden-path'].blocked && journeys['golden-path'].at == 'api'",
    seen: [...apiAnswers('503', '1'), ...webAnswers('204', '1')],
    is: 'met',
    why: 'golden-path: blocked, at api (wanted api)',
  },
  {
    name: 'a journey of which a step is unknown',
    when: "!journeys['golden-path'].blocked",
    seen: apiAnswers('200', '1'),
    is: 'unknown',
    why: 'golden-path blocked could not be read: the state of web is unknown',
  },
  {
    name: 'time since the declaration',
    when: "elapsed == duration('2h30m')",
    is: 'met',
    why: 'elapsed 2 h 30 min (wanted 2 h 30 min)',
  },
  {
    name: 'no incident, no time',
    when: "elapsed >= duration('2h')",
    snapshot: { incident: null },
    is: 'unknown',
  },
  { name: 'stage and severity', when: "stage == 'investigating' && severity in ['P0', 'P1']", is: 'met' },
  {
    name: 'the earlier incident',
    when: 'incident.regression_of != 0',
    is: 'met',
    why: 'incident.regression_of 1,263 (wanted any but 0)',
  },
  {
    name: 'a cause that was found',
    when: "'config-drift' in causes",
    diagnosis: driftFound,
    is: 'met',
    evidence: ['E20'],
  },
  {
    name: 'a cause that was refuted',
    when: "'regional-incident' in causes",
    diagnosis: driftFound,
    is: 'failed',
  },
  {
    name: 'a cause that could not be tested',
    when: "'vpc-connector-saturated' in causes",
    diagnosis: driftFound,
    is: 'unknown',
    why: 'cause vpc-connector-saturated could not be read: it could not be tested',
  },
  {
    name: 'nor be left out',
    when: "!('vpc-connector-saturated' in causes)",
    diagnosis: driftFound,
    is: 'unknown',
  },
  { name: 'all causes, one untested', when: 'causes.size() == 1', diagnosis: driftFound, is: 'unknown' },
  {
    name: 'any cause, one untested',
    when: "causes.exists(c, c == 'bad-deploy')",
    diagnosis: driftFound,
    is: 'unknown',
  },
  {
    name: 'a cause that was found and one untested',
    when: "'config-drift' in causes && 'vpc-connector-saturated' in causes",
    diagnosis: driftFound,
    is: 'unknown',
  },
  {
    name: 'a cause that was found, and then all of them',
    when: "'config-drift' in causes && causes.exists(c, c == 'bad-deploy')",
    diagnosis: driftFound,
    is: 'unknown',
  },
  {
    name: 'two questions in a row',
    when: "'config-drift' in causes && !('regional-incident' in causes)",
    diagnosis: driftFound,
    is: 'met',
  },
  { name: 'no diagnosis', when: "'config-drift' in causes", diagnosis: null, is: 'unknown' },
  {
    name: 'an expression with a fault',
    when: 'erors.share < 1',
    is: 'unknown',
    why: 'the expression has a fault: there is no name erors',
  },
  { name: 'an empty expression', when: '', is: 'unknown' },
  {
    name: 'a computation that fails',
    when: 'requests.count / errors.count > 0',
    seen: traffic('5', '0'),
    is: 'unknown',
    why: 'the expression cannot be computed: division by zero',
  },
];

describe('an expression over a snapshot', () => {
  test.each(rows)(
    '$name: $when is $is',
    ({ when, seen, gaps, snapshot = {}, diagnosis, is, why, evidence }) => {
      const more = diagnosis === undefined ? { snapshot } : { snapshot, diagnosis };
      const read = evaluate(when, input(seen ?? [], gaps ?? [], more));
      expect(read).toEqual({
        result: is,
        why: why ?? anyText,
        evidence: evidence ?? anyList,
      });
    },
  );

  test('a list without components proves nothing', () => {
    const alone = repositorySchema.parse({
      version: 1,
      components: { db: { type: 'cloud-sql', instance: 'x' } },
    });
    for (const when of [
      'probes.all(p, p.ok)',
      '!sockets.exists(s, !s.open)',
      'requests.count == 0',
      'recovery == 1.0',
    ]) {
      expect(evaluate(when, input([], [], { configuration: alone })).result).toBe('unknown');
    }
  });

  test('a component that could not be read from the configuration counts as unknown', () => {
    const faulty = { ...configuration, unreadable: [{ component: 'login', type: null, environment: null }] };
    const seen = [...apiAnswers('200', '1'), ...webAnswers('204', '1'), ...traffic('50', '0')];
    for (const when of [
      'probes.all(p, p.ok)',
      'requests.count > 0',
      'errors.share < 0.1',
      'recovery == 1.0',
    ]) {
      expect(evaluate(when, input(seen, [], { configuration: faulty })).result).toBe('unknown');
    }
    const secret = {
      ...configuration,
      unreadable: [{ component: 'key', type: 'secret' as const, environment: null }],
    };
    expect(evaluate('probes.all(p, p.ok)', input(seen, [], { configuration: secret })).result).toBe('met');
  });

  test('many endpoints are shown as a range', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const components = Object.fromEntries(
      ids.map((id) => [id, { type: 'http', url: `https://${id}.example.com/` }]),
    );
    const many = repositorySchema.parse({ version: 1, components });
    const seen = ids.flatMap((id, n) => [
      saw(`E${2 * n + 1}`, id, 'status', '200'),
      saw(`E${2 * n + 2}`, id, 'latency', String(n + 1)),
    ]);
    const good = evaluate(endpoints, input(seen, [], { configuration: many }));
    expect(good.why).toBe('all 6 probes: status 200 (wanted 200), latency 1 s to 6 s (limit 10 s)');
    const bad = seen.map((one) => (one.id === 'E11' ? { ...one, value: '500' } : one));
    expect(evaluate(endpoints, input(bad, [], { configuration: many })).why).toBe(
      'f: status 500 (wanted 200)',
    );
  });
});

const services = (ids: string[]): unknown =>
  Object.fromEntries(ids.map((id) => [id, { type: 'cloud-run', service: id }]));
const healthy = (n: number, id: string): Observation[] => [
  saw(`E${n}`, id, 'ready', 'CONDITION_SUCCEEDED', { window: null }),
  saw(`E${n + 1}`, id, 'requests', '100'),
  saw(`E${n + 2}`, id, 'requests.5xx', '0'),
];
const failing = (n: number, id: string): Observation[] => [
  saw(`E${n}`, id, 'requests', '100'),
  saw(`E${n + 1}`, id, 'requests.5xx', '90'),
];

describe('recovery and trend', () => {
  const three = repositorySchema.parse({ version: 1, components: services(['a', 'b', 'c']) });

  test.each([
    [
      'one of three healthy',
      [...healthy(1, 'a'), ...failing(4, 'b'), ...failing(6, 'c')],
      'recovery < 0.5',
      'met',
      'recovery 33 % (limit 50 %)',
    ],
    [
      'all healthy',
      [...healthy(1, 'a'), ...healthy(4, 'b'), ...healthy(7, 'c')],
      'recovery == 1.0',
      'met',
      'recovery 100 % (wanted 100 %)',
    ],
    [
      'two failing decide over the unknown third',
      [...failing(4, 'b'), ...failing(6, 'c')],
      'recovery < 0.5',
      'met',
      'recovery 0 % to 33 % (limit 50 %)',
    ],
    [
      'one failing does not',
      failing(4, 'b'),
      'recovery < 0.5',
      'unknown',
      'recovery could not be read: the state of a, c is unknown',
    ],
    [
      'the unknown one may be the last',
      [...healthy(1, 'a'), ...healthy(4, 'b')],
      'recovery == 1.0',
      'unknown',
      undefined,
    ],
  ])('%s', (_name, seen, when, result, why) => {
    const read = evaluate(when, input(seen, [], { configuration: three }));
    expect(read).toMatchObject({ result, why: why ?? anyText });
  });

  const wasFailing = {
    previous: {
      takenAt: windowBefore.to,
      url: null,
      states: { backend: 'failing' as const },
      figures: [],
      root: null,
    },
  };
  const wasHealthy = { previous: { ...wasFailing.previous, states: { backend: 'healthy' as const } } };
  const isFailing = traffic('100', '92');
  test.each<[string, Observation[], Partial<Snapshot>, string]>([
    [
      'fewer errors than chance explains',
      [...traffic('100', '10'), ...before('100', '80')],
      {},
      "trend == 'improving'",
    ],
    [
      'more errors than chance explains',
      [...traffic('100', '80'), ...before('100', '10')],
      {},
      "trend == 'worsening'",
    ],
    [
      'a difference that chance explains',
      [...traffic('100', '12'), ...before('100', '10')],
      {},
      "trend == 'steady'",
    ],
    ['a service lost since the update before', isFailing, wasHealthy, "trend == 'worsening'"],
    ['as it was', isFailing, wasFailing, "trend == 'steady'"],
    ['opposite signs', [...isFailing, ...before('100', '99')], wasHealthy, "trend == 'steady'"],
  ])('%s', (_name, seen, snapshot, when) => {
    expect(evaluate(when, input(seen, [], { snapshot })).result).toBe('met');
  });

  test('without anything to compare with the trend is unknown', () => {
    expect(evaluate("trend != 'improving'", input(traffic('100', '80'))).result).toBe('unknown');
  });
});

describe('all criteria of a configuration', () => {
  const criteria = repositorySchema.parse({
    ...configuration,
    success_criteria: [
      { id: 'errors', title: 'No errors', when: 'errors.share < 0.005', for: '30m' },
      { id: 'now', title: 'No errors now', when: 'errors.share < 0.005' },
    ],
    escalation: [
      { id: 'provider', title: 'Ask Google', when: "elapsed >= duration('2h') && errors.share > 0.5" },
    ],
    labels: {
      apply: [
        { label: 'regression', when: 'incident.regression_of != 0' },
        { label: 'x', when: 'oops' },
      ],
    },
  });
  const read = (seen: Observation[]) => readCriteria(input(seen, [], { configuration: criteria }));

  test('holding now is not holding for 30 minutes', () => {
    const { success, escalation, labels } = read(traffic('50', '0'));
    expect(success).toEqual([
      {
        id: 'errors',
        title: 'No errors',
        when: 'errors.share < 0.005',
        for: '30m',
        result: 'unknown',
        evidence: ['E1', 'E2'],
        why: 'holds now; 30 min of samples are needed, and there are none (errors.share 0 % (limit 0.5 %))',
        since: null,
      },
      expect.objectContaining({ id: 'now', for: null, result: 'met' }),
    ]);
    expect(escalation).toEqual([expect.objectContaining({ id: 'provider', for: null, result: 'failed' })]);
    expect(labels).toEqual([
      { label: 'regression', result: 'met' },
      { label: 'x', result: 'unknown' },
    ]);
  });

  test('labels ask for criteria, for the root cause and for who leads', () => {
    const asking = repositorySchema.parse({
      ...criteria,
      labels: {
        apply: [
          { label: 'well', when: "criteria['now'].met" },
          { label: 'stable', when: "criteria['errors'].met" },
          { label: 'understood', when: "root.verdict == 'confirmed'" },
          { label: 'worked-on', when: "incident.lead != ''" },
        ],
      },
    });
    const results = (errors: string) =>
      readCriteria(input(traffic('50', errors), [], { configuration: asking, diagnosis: quiet })).labels.map(
        ({ result }) => result,
      );
    expect(results('0').slice(0, 3)).toEqual(['met', 'unknown', 'failed']);
    expect(results('5').slice(0, 2)).toEqual(['failed', 'failed']);
    expect(results('0')[3]).toBe('failed');
  });

  test('failing now is failing', () => {
    expect(read(traffic('50', '5')).success.map(({ result }) => result)).toEqual(['failed', 'failed']);
    expect(read([]).success.map(({ result }) => result)).toEqual(['unknown', 'unknown']);
  });
});

const element = (name: string, shape: string): string =>
  ({ list: `${name}[0]`, map: `${name}['${name === 'journeys' ? 'golden-path' : 'api'}']` })[shape] ?? name;

test('a service that started nothing has no part in the share of starts', () => {
  const two = repositorySchema.parse({
    version: 1,
    components: { backend: { type: 'cloud-run', service: 'b' }, web: { type: 'cloud-run', service: 'w' } },
  });
  const seen = [saw('E1', 'backend', 'starts', '4'), saw('E2', 'backend', 'starts.ready', '1')];
  expect(evaluate('startup.share == 0.25', input(seen, [], { configuration: two })).result).toBe('met');
});

test('every name of the table has a value', () => {
  const seen = [
    ...traffic('100', '10'),
    ...before('100', '10'),
    ...apiAnswers('200', '1'),
    ...webAnswers('204', '1'),
    saw('E10', 'chat', 'status', '101'),
    saw('E11', 'chat', 'latency', '1'),
    saw('E12', 'backend', 'connect.time', '3'),
    saw('E13', 'backend', 'starts', '2'),
    saw('E14', 'backend', 'starts.ready', '2'),
  ];
  const readers = {
    int: (path: string) => `${path} >= 0`,
    double: (path: string) => `${path} >= 0.0`,
    string: (path: string) => `size(${path}) >= 0`,
    bool: (path: string) => `${path} || true`,
    duration: (path: string) => `${path} >= duration('0s')`,
  };
  const whyOf = (path: string, type: keyof typeof readers): string =>
    evaluate(readers[type](path), input(seen)).why;
  // Criteria are known where all of them are read: see above.
  const named = Object.entries(celNames).filter(([name]) => name !== 'criteria');
  const paths = named.flatMap(([name, entry]) => {
    if (entry.shape === 'value') return [{ path: name, type: entry.type }];
    if (!('fields' in entry)) return [];
    return Object.entries(entry.fields).map(([field, { type }]) => ({
      path: `${element(name, entry.shape)}.${field}`,
      type,
    }));
  });
  expect(paths.length).toBeGreaterThan(20);
  const lacking = paths
    .map(({ path, type }) => `${path}: ${whyOf(path, type)}`)
    .filter((why) => /could not be read|reads no figure|fault/.test(why));
  expect(lacking).toEqual([]);
});
