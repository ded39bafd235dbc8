import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRepositoryConfiguration, resolveEnvironment } from '../../src/config/repository.ts';

const example = readFileSync(new URL('../../docs/sitrep.example.yml', import.meta.url), 'utf8');

/** The errors as `sitrep check` would list them: `line:column code message → remedy`. */
const errorsOf = (text: string): string[] =>
  readRepositoryConfiguration(text).errors.map(
    ({ line, column, code, message, remedy }) => `${line}:${column} ${code} ${message} → ${remedy}`,
  );

/** A file with a sound beginning of five lines. */
const after = (rest: string): string => `version: 1
google_cloud: { project: my-project, region: us-central1 }
components:
  api: { type: http, url: 'https://api.example.com/health' }
  db: { type: cloud-sql, instance: main }
${rest}`;

test('the example has no error', () => {
  const { configuration, errors } = readRepositoryConfiguration(example);
  expect(errors).toEqual([]);
  expect(Object.keys(configuration?.components ?? {})).toHaveLength(13);
  expect(configuration?.success_criteria[1]).toEqual({
    id: 'stable',
    title: '30 minutes of traffic practically without errors',
    when: 'requests.count >= 30 && errors.share < 0.005',
    for: '30m',
  });
});

test('version and one component are enough', () => {
  const { configuration, errors } = readRepositoryConfiguration(
    'version: 1\ncomponents: { api: { type: http, url: "https://api.example.com" } }\n',
  );
  expect(errors).toEqual([]);
  expect(configuration).toEqual({
    version: 1,
    environment: 'production',
    components: { api: { type: 'http', url: 'https://api.example.com', depends_on: [] } },
    journeys: {},
    labels: {
      incident: ['incident'],
      severity: { P0: ['P0'], P1: ['P1'] },
      stage: {
        investigating: 'stage: investigating',
        identified: 'stage: identified',
        mitigating: 'stage: mitigating',
        monitoring: 'stage: monitoring',
        resolved: 'stage: resolved',
      },
      regression: 'regression',
      escalated: 'escalated',
      closed_unresolved: 'closed-unresolved',
      apply: [],
    },
    success_criteria: [],
    escalation: [],
    contacts: {},
    checkpoints: ['2h', '4h', '8h'],
    refresh: { P0: '10m', other: '30m' },
    regressions: { raise_to_p0_above: 0.8 },
    resolution: { close_issue: true, reopen_issue: false, relapse: '24h' },
    postmortem: { pull_request: false, path: 'docs/postmortems' },
    plan: [],
    prevention: [],
  });
});

describe('what is wrong, where, and the remedy', () => {
  test.each<[name: string, text: string, errors: unknown[]]>([
    ['nothing', '', [expect.stringMatching(/^1:1 empty .*sitrep\.yml is empty → begin with: version: 1/)]],
    ['only a comment', '# later\n', [expect.stringMatching(/^1:1 empty /)]],
    [
      'a text',
      'hello\n',
      ['1:1 wrong-type the file is a text, not a map of keys → write keys below it, indented by two spaces'],
    ],
    [
      'a bracket that is not closed',
      'version: 1\ncomponents: { api: [1\nlabels: {}\n',
      expect.arrayContaining([expect.stringMatching(/^3:1 yaml this is not YAML: /)]),
    ],
    [
      'a tab',
      'version: 1\n\tcomponents: 1\n',
      expect.arrayContaining([expect.stringMatching(/^2:1 yaml a tab .* → indent with spaces/)]),
    ],
    [
      'a key twice',
      after('checkpoints: [2h]\ncheckpoints: [4h]\n'),
      ['7:1 duplicate-key the key stands twice in the same place → keep one of the two'],
    ],
    [
      'two documents',
      after('---\nversion: 1\n'),
      [expect.stringMatching(/^6:1 yaml the file holds more than one YAML document → keep one/)],
    ],
    [
      'an alias',
      after('impact: &i { statement: x }\njourneys: *i\n'),
      ['7:11 alias *i is an alias, and aliases are not read → write the value out'],
    ],
    [
      'a tag',
      after('impact: !secret { statement: x }\n'),
      [expect.stringMatching(/^6:9 yaml .* → remove the tag/)],
    ],
    [
      'a list as a key',
      after('journeys: { [a]: 1 }\n'),
      ['6:13 complex-key a list or a map stands as a key → write a text as the key'],
    ],
    [
      'no version',
      'components: { api: { type: http, url: "https://a.example.com" } }\n',
      ['1:1 missing version is missing → add version: 1'],
    ],
    [
      'another version',
      after('').replace('version: 1', 'version: 2'),
      ['1:10 wrong-value version cannot be 2 → write 1'],
    ],
    [
      'a time to hold that samples cannot tell of',
      after("success_criteria: [{ id: a, title: A, when: elapsed > duration('1h'), for: 5h }]\n"),
      ['6:76 wrong-value success_criteria[0].for is not valid → at most 4h: older samples are thinned'],
    ],
    [
      'no component',
      'version: 1\n',
      [expect.stringMatching(/^1:1 no-component .* → add one, for example components:/)],
    ],
    [
      'an unknown key',
      after('checkpoint: [2h]\n'),
      ['6:1 unknown-key the top level has no key checkpoint → did you mean checkpoints?'],
    ],
    [
      'an unknown key that is like nothing',
      after('contacts: { a: { name: x, telephone: 1 } }\n'),
      [
        '6:27 unknown-key contacts.a has no key telephone → remove it; the keys are name, mention, url, assign, role',
      ],
    ],
    [
      'an unknown key and the one it was meant for',
      after('  web: { type: cloud-run, servce: web }\n'),
      [
        '6:3 missing components.web.service is missing → add service: … (Name of the Cloud Run service)',
        '6:27 unknown-key components.web has no key servce → did you mean service?',
      ],
    ],
    [
      'a component without a type',
      after('  web: { service: web }\n'),
      [
        expect.stringMatching(
          /^6:3 missing components\.web\.type is missing → add type: cloud-run, or vpc-connector, or /,
        ),
      ],
    ],
    [
      'a type that is none',
      after('  web: { type: cloudrun, service: web }\n'),
      ['6:16 wrong-value components.web.type cannot be cloudrun → did you mean cloud-run?'],
    ],
    [
      'a component that is empty',
      after('  web:\n'),
      [
        '6:3 wrong-type components.web is empty, not a map of keys → write keys below it, indented by two spaces',
      ],
    ],
    [
      'an id with a capital',
      after('  Web: { type: secret, name: x }\n'),
      [
        '6:3 wrong-id components.Web is no valid id → write a lower-case letter, then letters, digits and hyphens',
      ],
    ],
    [
      'a number that must be a text, as it was written',
      after('  web: { type: cloud-run, service: w, expect: { env: { T: 75.0 } } }\n'),
      ['6:59 wrong-type components.web.expect.env.T is a number, not a text → put it in quotes: "75.0"'],
    ],
    [
      'settings that no service, connector or database can be expected to have',
      after(
        '  web: { type: cloud-run, service: w, expect: { cpu: 1, memory: 512 MB, concurency: 80 } }\n' +
          '  link: { type: vpc-connector, name: l, expect: { max_instances: 20 } }\n' +
          '  orders: { type: cloud-sql, instance: d, expect: { availability: none } }\n',
      ),
      [
        '6:54 wrong-type components.web.expect.cpu is a number, not a text → put it in quotes: "1"',
        '6:65 wrong-format components.web.expect.memory cannot be 512 MB → write a number, with m, Mi or Gi where it needs one, for example 512Mi',
        '6:73 unknown-key components.web.expect has no key concurency → did you mean concurrency?',
        '7:66 out-of-bounds components.link.expect.max_instances is too large → write at most 10',
        '8:67 wrong-value components.orders.expect.availability cannot be none → it is one of zonal, regional',
      ],
    ],
    [
      'a duration that is none',
      after('checkpoints: [2h, 4hours]\n'),
      [
        '6:19 wrong-format checkpoints[1] cannot be 4hours → write a number and s, m, h or d, for example 30m',
      ],
    ],
    [
      'a text that must be a list',
      after('checkpoints: 2h\n'),
      [expect.stringMatching(/^6:14 wrong-type checkpoints is a text, not a list → write a list/)],
    ],
    [
      'an empty list',
      after('checkpoints: []\n'),
      ['6:1 out-of-bounds checkpoints is empty → fill it in, or remove the key'],
    ],
    [
      'a status that is none',
      after("  web: { type: http, url: 'https://w.example.com', expect: { status: 1000 } }\n"),
      ['6:70 out-of-bounds components.web.expect.status is too large → write at most 599'],
    ],
    [
      'an address of another kind',
      after("  web: { type: http, url: 'wss://w.example.com' }\n"),
      [
        expect.stringMatching(
          /^6:27 wrong-format components\.web\.url is no address of this kind → write a full address: https/,
        ),
      ],
    ],
    [
      'a password in an address',
      after("  web: { type: http, url: 'https://u:p@w.example.com' }\n"),
      [expect.stringMatching(/^6:27 credentials-in-url .* → remove what stands before the @/)],
    ],
    [
      'a metric without a threshold',
      after('  depth: { type: metric, query: depth }\n'),
      [
        expect.stringMatching(
          /^6:3 no-threshold depth has no threshold, .* → add one, for example failing: \{ above: 100 \}/,
        ),
      ],
    ],
    [
      'a log filter with an empty threshold',
      after("  lost: { type: log-filter, filter: 'severity>=ERROR', failing: {} }\n"),
      [expect.stringMatching(/^6:3 no-threshold lost has no threshold/)],
    ],
    [
      'thresholds the wrong way round',
      after(
        '  depth: { type: metric, query: depth, degraded: { above: 9 }, failing: { above: 5, below: 1 } }\n',
      ),
      [
        '6:82 turned-thresholds it is failing before it is degraded: above 5, and degraded above 9 → swap the two values',
      ],
    ],
    [
      'lower thresholds the wrong way round',
      after('  depth: { type: metric, query: depth, degraded: { below: 1 }, failing: { below: 2 } }\n'),
      [expect.stringMatching(/^6:82 turned-thresholds .*below 2, and degraded below 1/)],
    ],
    [
      'a threshold that is no number',
      after("  depth: { type: metric, query: depth, failing: { above: '5' } }\n"),
      [expect.stringMatching(/^6:58 wrong-type .* write a number without quotes/)],
    ],
    [
      'a unit with a sentence in it',
      after('  depth: { type: metric, query: depth, unit: "a|b", failing: { above: 5 } }\n'),
      [expect.stringMatching(/^6:46 wrong-format .* at most 20 letters/)],
    ],
    [
      'a redirect that is expected of an answer with 200',
      after(
        "  old: { type: http, url: 'https://w.example.com', expect: { redirect: 'https://x.example.com' } }\n",
      ),
      [
        expect.stringMatching(
          /^6:72 redirect-without-status an answer with status 200 redirects nowhere → add status: 301/,
        ),
      ],
    ],
    [
      'too many samples',
      after("  old: { type: http, url: 'https://w.example.com', samples: 6 }\n"),
      [expect.stringMatching(/^6:61 out-of-bounds .* → write at most 5/)],
    ],
    [
      'the id of the repository itself',
      after("  repository: { type: http, url: 'https://w.example.com' }\n"),
      [expect.stringMatching(/^6:3 reserved-id .* → give the component another id/)],
    ],
    [
      'a role that is none',
      after('contacts: { a: { name: x, role: boss } }\n'),
      [
        expect.stringMatching(
          /^6:33 wrong-value contacts\.a\.role cannot be boss → it is one of primary, secondary/,
        ),
      ],
    ],
    [
      'a severity that is none',
      after('labels: { severity: { P9: [x] } }\n'),
      ['6:23 unknown-key labels.severity has no key P9 → did you mean P0?'],
    ],
    [
      'dependencies that do not exist',
      after('  web: { type: secret, name: x, depends_on: [db, dbb], via: conn }\n'),
      [
        '6:50 unknown-component there is no component dbb → did you mean db?',
        '6:61 unknown-component there is no component conn → add it under components, or name one of api, db, web',
      ],
    ],
    [
      'dependencies of a component with another fault',
      after('  web: { type: secret, depends_on: [apy] }\n'),
      [
        expect.stringMatching(/^6:3 missing components\.web\.name/),
        '6:37 unknown-component there is no component apy → did you mean api?',
      ],
    ],
    [
      'a circle',
      after(
        '  a: { type: secret, name: a, depends_on: [b] }\n  b: { type: secret, name: b, via: c }\n  c: { type: secret, name: c, depends_on: [a] }\n',
      ),
      [
        '8:44 cycle the dependencies go in a circle: a → b → c → a → remove one of these edges; an edge leads from a component to what it needs',
      ],
    ],
    [
      'a circle of one',
      after('  a: { type: secret, name: a, depends_on: [a] }\n'),
      [expect.stringMatching(/^6:44 cycle .*: a → a → /)],
    ],
    [
      'a step that does not exist',
      after('journeys: { path: { title: Path, steps: [api, chat] } }\n'),
      [expect.stringMatching(/^6:47 unknown-component there is no component chat/)],
    ],
    [
      'a contact that does not exist',
      after(
        "contacts: { infra: { name: x } }\nescalation: [{ id: a, title: a, when: 'recovery < 0.5', contact: infa }]\n",
      ),
      ['7:66 unknown-contact there is no contact infa → did you mean infra?'],
    ],
    [
      'an owner that is no contact',
      after(
        '  a: { type: http, url: "https://a.example.com", owner: infa }\ncontacts: { infra: { name: x } }\n',
      ),
      ['6:57 unknown-contact there is no contact infa → did you mean infra?'],
    ],
    [
      'an owner without contacts',
      after('  a: { type: http, url: "https://a.example.com", owner: infra }\n'),
      ['6:57 unknown-contact there is no contact infra → add it under contacts'],
    ],
    [
      'Google components without a project',
      'version: 1\ncomponents:\n  db: { type: cloud-sql, instance: main }\n',
      [
        '3:3 missing-google-cloud db is of type cloud-sql, and google_cloud is missing in environment production → add google_cloud: { project: your-project, region: us-central1 }',
      ],
    ],
    [
      'the same twice',
      after(
        "success_criteria:\n  - { id: a, title: a, when: 'recovery == 1.0' }\n  - { id: a, title: b, when: 'recovery == 1.0' }\nlabels: { severity: { P0: [bad], P1: [Bad] } }\n",
      ),
      [
        '8:11 duplicate a stands here for the second time → keep one of them, or give this one another name',
        '9:39 duplicate Bad stands here for the second time → keep one of them, or give this one another name',
      ],
    ],
    [
      'a wrong name in an expression',
      after("labels: { apply: [{ label: x, when: 'errors.count > 0 && recovry < 1.0' }] }\n"),
      ['6:58 unknown-name labels.apply[0].when: there is no name recovry → did you mean recovery?'],
    ],
    [
      'faults of several expressions',
      after(
        'success_criteria:\n  - id: a\n    title: a\n    when: probes.all(p, p.stat == 200)\n  - { id: b, title: b, when: "components[\'dbx\'].healthy" }\nescalation:\n  - { id: c, title: c, when: errors.count }\n',
      ),
      [
        '9:27 unknown-field success_criteria[0].when: an element of probes has no stat → did you mean status?',
        '10:42 unknown-component success_criteria[1].when: there is no component dbx → did you mean db?',
        '12:30 not-bool escalation[0].when: the condition gives an int, not yes or no → compare it with something, for example errors.count == 0',
      ],
    ],
  ])('%s', (_name, text, errors) => {
    expect(errorsOf(text)).toEqual(errors);
  });

  test('more than 64 KB', () => {
    expect(errorsOf(after(`# ${'x'.repeat(66_000)}\n`))).toEqual([
      expect.stringMatching(/^1:1 too-large .*at most 65536 are read → shorten it/),
    ]);
  });

  test('all errors at once, in the order of the file', () => {
    const text = example
      .replace('service: netra-auth-staging', 'servce: netra-auth-staging')
      .replace("'75.0'", '75.0')
      .replace('steps: [frontend', 'steps: [frontnd')
      .replace('errors.share', 'erors.share')
      .replace('for: 30m', 'for: 30min')
      .replace('contact: infra', 'contact: infa')
      .replace('type: secret', 'type: sekret');
    const { errors } = readRepositoryConfiguration(text);
    expect(errors.map(({ code }) => code)).toEqual([
      'missing',
      'unknown-key',
      'wrong-type',
      'wrong-value',
      'unknown-component',
      'unknown-name',
      'wrong-format',
      'unknown-contact',
    ]);
    expect(errors.map(({ path }) => path)).toContain('components.backend.expect.env.DATABASE_TIMEOUT');
  });
});

describe('the place of a fault in an expression, however it is written', () => {
  test.each<[string, string]>([
    ['plain', 'when: errors.count == 0 && bad'],
    ['with single quotes, doubled inside', "when: 'stage == ''monitoring'' && bad'"],
    ['with double quotes and escapes', 'when: "stage == \\"monitoring\\" && bad"'],
    ['with escapes of code points', 'when: "stage == \\x27monitoring\\u0027 && \\U0000002d1 < 0 && bad"'],
    ['on several lines', 'when: errors.count == 0\n      &&  bad'],
    ['after a folded line', 'when: errors.count == 0 &&\n      bad'],
    ['on several quoted lines', 'when: "errors.count == 0\n      && bad"'],
    ['on quoted lines that are joined', 'when: "errors.count == 0 \\\n      && bad"'],
    ['as a literal block', 'when: |\n      errors.count == 0\n      && bad\n'],
    ['as a folded block', 'when: >-\n      errors.count == 0\n      && bad\n'],
    ['at the start of a block', 'when: |\n      bad\n      && errors.count == 0\n'],
    ['as a block with blank lines', 'when: |\n\n      errors.count == 0 &&\n\n        bad\n'],
    ['after a character of two code units', "when: size('😀') == 1 && bad"],
    ['after an escaped character of two code units', 'when: "size(\'\\U0001F600\') == 1 && bad"'],
    ['with blanks around it', "when: '   bad   '"],
  ])('%s', (_name, when) => {
    const text = after(`success_criteria:\n  - ${when}\n    id: a\n    title: a\n`);
    const lines = text.slice(0, text.indexOf('bad')).split('\n');
    expect(readRepositoryConfiguration(text).errors).toEqual([
      expect.objectContaining({
        code: 'unknown-name',
        line: lines.length,
        column: (lines.at(-1) ?? '').length + 1,
        path: 'success_criteria[0].when',
      }),
    ]);
  });
});

const usable = (text: string) => readRepositoryConfiguration(text).configuration;

describe('what can be used of a file with errors', () => {
  test('a faulty component is left out and remembered, the rest stays', () => {
    const file = usable(example.replace('service: netra-auth-staging', 'servce: netra-auth-staging'));
    expect(Object.keys(file?.components ?? {})).not.toContain('auth');
    expect(Object.keys(file?.components ?? {})).toHaveLength(12);
    expect(file?.unreadable).toEqual([{ component: 'auth', type: 'cloud-run', environment: null }]);
    const configuration = file && resolveEnvironment(file);
    expect(configuration).toMatchObject({ components: { lb: { depends_on: ['frontend', 'backend'] } } });
  });

  test('of a component with an unknown type the type is unknown as well', () => {
    const file = usable(example.replace('type: secret', 'type: sekret'));
    expect(file?.unreadable).toEqual([{ component: 'jwt-secret', type: null, environment: null }]);
  });

  test('a key that is not known voids a component and a criterion: what it asks for may not be passed over', () => {
    const file = usable(
      example.replace('expect: { status: 200', 'expct: { status: 204').replace('for: 30m', 'fro: 30m'),
    );
    expect(file?.unreadable).toEqual([{ component: 'api', type: 'http', environment: null }]);
    expect(file?.success_criteria[1]?.when).toBe('unreadable');
  });

  test('elsewhere it is left out alone', () => {
    const file = usable(example.replace('role: primary', 'role: primary, telephone: 1'));
    expect(file?.contacts['infra']).toEqual({
      name: 'Infrastructure Team',
      mention: '@netra-systems/infra',
      assign: ['alice'],
      role: 'primary',
    });
  });

  test('a success criterion that cannot be read stays as one that is unknown', () => {
    const file = usable(example.replace('for: 30m', 'for: 30min'));
    expect(file?.success_criteria).toEqual([
      expect.objectContaining({ id: 'endpoints' }),
      {
        id: 'unreadable-2',
        title: '30 minutes of traffic practically without errors',
        when: 'unreadable',
      },
    ]);
    const lists = ['success_criteria: 5\n', 'sucess_criteria: []\n'].map((text) => usable(after(text)));
    expect(lists.map((read) => read?.success_criteria)).toEqual(
      [0, 1].map(() => [
        {
          id: 'unreadable-1',
          title: 'Success criterion 1 (not readable in the configuration)',
          when: 'unreadable',
        },
      ]),
    );
  });

  test('a criterion with a faulty expression stays', () => {
    const file = usable(example.replace('errors.share', 'erors.share'));
    expect(file?.success_criteria[1]?.when).toBe('requests.count >= 30 && erors.share < 0.005');
  });

  test('a faulty rule, contact or label is left out, and so is what leads to it', () => {
    const file = usable(
      after(
        "contacts: { a: { name: '' }, b: { name: B } }\nescalation:\n  - { id: x, title: x, when: 3 }\n  - { id: y, title: y, when: 'recovery < 0.5', contact: a }\nlabels: { incident: bug, apply: [{ label: l, when: 'recovery < 0.5' }, { label: m }] }\ncheckpoints: 2h\n",
      ),
    );
    expect(file).toMatchObject({
      contacts: { b: { name: 'B' } },
      escalation: [{ id: 'y' }],
      labels: { incident: ['incident'], apply: [{ label: 'l' }] },
      checkpoints: ['2h', '4h', '8h'],
    });
    expect(file && resolveEnvironment(file)).toMatchObject({
      escalation: [{ id: 'y', title: 'y', when: 'recovery < 0.5', assign: [] }],
    });
  });

  test('a circle and edges that lead nowhere are cut, so that a walk ends', () => {
    const file = usable(
      after(
        '  a: { type: secret, name: a, depends_on: [b, none] }\n  b: { type: secret, name: b, via: a }\n',
      ),
    );
    expect(file && resolveEnvironment(file)).toMatchObject({
      components: { a: { depends_on: ['b'] }, b: { depends_on: [] } },
    });
    expect(file?.components['b']?.via).toBe('a');
  });

  test.each([
    ['nothing at all', ''],
    ['a list', '- a\n'],
    ['broken YAML', 'version: 1\ncomponents: { api: [1\nlabels: {}\n'],
    ['a version that is not known', 'version: 2\ncomponents: {}\n'],
  ])('nothing of %s', (_name, text) => {
    const { configuration, errors } = readRepositoryConfiguration(text);
    expect(configuration).toBeNull();
    expect(errors.length).toBeGreaterThan(0);
  });
});
