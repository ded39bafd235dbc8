import { describe, expect, test } from 'vitest';
import { causeIds } from '../../../src/core/causes.ts';
import { classificationOf, classOfCause, ownerOf } from '../../../src/core/diagnose/classification.ts';
import { diagnose } from '../../../src/core/diagnose.ts';
import type { Classification, Finding } from '../../../src/core/diagnosis.ts';
import { configurationOf, observations, saturated, shop, snapshotOf } from '../diagnose.fixture.ts';

const root = { cause: 'config-drift', component: 'backend', verdict: 'probable' } as const;

function amplifier(cause: string, component = 'backend', role: Finding['role'] = 'amplifier'): Finding {
  return {
    cause,
    component,
    verdict: 'unknown',
    decibans: 0,
    mechanism: 'm',
    evidence: [],
    onset: null,
    items: [],
    role,
  };
}

test('every cause has a class, and no class is empty', () => {
  expect(Object.keys(classOfCause).toSorted()).toEqual(causeIds.toSorted());
  expect(new Set(Object.values(classOfCause))).toEqual(
    new Set(['application', 'configuration', 'capacity', 'platform', 'dependency', 'unknown']),
  );
});

describe('the class of a root', () => {
  test.each<[string, Finding['verdict'], Classification['kind']]>([
    ['crash-on-start', 'probable', 'application'],
    ['config-drift', 'probable', 'configuration'],
    ['vpc-connector-saturated', 'confirmed', 'capacity'],
    ['regional-incident', 'confirmed', 'platform'],
    ['dependency-unavailable', 'probable', 'dependency'],
    ['unknown', 'unknown', 'unknown'],
    ['a-cause-of-a-later-version', 'probable', 'unknown'],
    ['constructor', 'probable', 'unknown'],
  ])('%s is %s: %s', (cause, verdict, kind) => {
    const found = classificationOf({
      root: { cause, component: 'backend', verdict },
      findings: [],
    });
    expect(found.kind).toBe(kind);
    expect(found.worsenedBy).toEqual([]);
  });

  test('says of which cause it is the class', () => {
    expect(classificationOf({ root, findings: [] }).why).toBe(
      'probable cause of `backend`: a setting is not what it was or what it should be',
    );
    expect(classificationOf({ root: { ...root, cause: 'unknown' }, findings: [] }).why).toBe(
      'the evidence does not decide the cause',
    );
  });
});

describe('what makes it worse', () => {
  const saturation = { ...root, cause: 'vpc-connector-saturated', component: 'connector' };
  test.each<[string, Finding[], string[], string]>([
    [
      'another class is said',
      [amplifier('config-drift')],
      ['configuration'],
      '; configuration makes it worse (config-drift of `backend`)',
    ],
    [
      'two of one class are said once',
      [amplifier('config-drift'), amplifier('egress-misrouted', 'auth')],
      ['configuration'],
      '; configuration makes it worse (config-drift of `backend`, egress-misrouted of `auth`)',
    ],
    ['the same class is not', [amplifier('out-of-memory')], [], ''],
    ['an effect is not', [amplifier('crash-on-start', 'backend', 'effect')], [], ''],
    ['another root is not', [amplifier('crash-on-start', 'backend', 'root')], [], ''],
  ])('%s', (_name, findings, worsenedBy, says) => {
    const found = classificationOf({ root: saturation, findings });
    expect(found.worsenedBy).toEqual(worsenedBy);
    expect(found.why.replace(/^[^;]*/, '')).toBe(says);
  });
});

describe('who takes it on', () => {
  const contacts = {
    leads: { name: 'Leadership', role: 'executive' },
    infra: { name: 'Infrastructure Team' },
    google: { name: 'Google Cloud Support', role: 'provider' },
    shop: { name: 'Shop Team', role: 'secondary' },
  };
  const component = { type: 'cloud-run', service: 'b' };
  const of = (owner: string | undefined, configured: Record<string, unknown> = contacts) =>
    configurationOf({
      components: { backend: owner === undefined ? component : { ...component, owner } },
      contacts: configured,
    });

  test.each<[string, ReturnType<typeof of>, Classification['kind'], string | null, string]>([
    ['its owner', of('shop'), 'application', 'shop', '`backend` has it as its owner'],
    ['its owner, also for the platform', of('shop'), 'platform', 'shop', '`backend` has it as its owner'],
    [
      'the provider for the platform',
      of(undefined),
      'platform',
      'google',
      'the cause lies with the platform, and it is the provider',
    ],
    [
      'the primary contact for the rest',
      of(undefined),
      'configuration',
      'infra',
      '`backend` has no owner, and it is the primary contact',
    ],
    [
      'the primary contact for the platform without a provider',
      of(undefined, { infra: contacts.infra }),
      'platform',
      'infra',
      '`backend` has no owner, and it is the primary contact',
    ],
    [
      'not an owner that does not exist',
      of('to-string'),
      'unknown',
      'infra',
      '`backend` has no owner, and it is the primary contact',
    ],
    [
      'nobody without a primary contact',
      of(undefined, { leads: contacts.leads, shop: contacts.shop }),
      'capacity',
      null,
      'name one of the contacts as `owner` of `backend`, or give one the role `primary`: `leads` and `shop`',
    ],
    [
      'nobody without contacts',
      of(undefined, {}),
      'capacity',
      null,
      'no contact is configured; add one under `contacts` and name it as `owner` of `backend`',
    ],
  ])('%s', (_name, configuration, kind, contact, why) => {
    const found = ownerOf(configuration, root, kind);
    expect({ contact: found.contact, why: found.why }).toEqual({ contact, why });
    expect(found.name === 'nobody').toBe(contact === null);
  });
});

describe('a diagnosis', () => {
  test('has both where something fails', () => {
    const { classification, owner } = diagnose(shop, snapshotOf(observations(saturated)));
    expect(classification?.kind).toBe('capacity');
    expect(owner?.contact).toBeNull();
  });

  test('has neither where nothing is known to fail', () => {
    const { classification, owner } = diagnose(shop, snapshotOf([]));
    expect([classification, owner]).toEqual([null, null]);
  });
});
