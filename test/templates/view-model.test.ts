import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import { templatesJsonSchema } from '../../scripts/schemas.ts';
import { renderKinds } from '../../src/cli/render-kinds.ts';
import { lookAt } from '../../src/commands/assess.ts';
import type { Looked } from '../../src/commands/look.ts';
import { commands } from '../../src/commands/list.ts';
import { statusInput } from '../../src/commands/looked-facts.ts';
import { composeConfigurationErrors } from '../../src/core/compose/configuration-errors.ts';
import { composeAllEvidence } from '../../src/core/compose/evidence-all.ts';
import { composeEvidence } from '../../src/core/compose/evidence.ts';
import { composeEscalatedLately, composeEscalation } from '../../src/core/compose/escalation-update.ts';
import { factsOf } from '../../src/core/compose/facts.ts';
import { composeHandoff } from '../../src/core/compose/handoff.ts';
import { composeHelp } from '../../src/core/compose/help.ts';
import { composeMissingRole } from '../../src/core/compose/refusal.ts';
import { composeUnchanged } from '../../src/core/compose/unchanged.ts';
import { asPrevious } from '../../src/core/previous.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Update } from '../../src/core/update.ts';
import { updateKinds } from '../../src/core/view-model/kinds.ts';
import { sampleModel } from '../../src/core/view-model/sample.ts';
import { viewOf } from '../../src/templates/own/render-with.ts';
import { openTemplateThreads } from '../../src/templates/own/threads.ts';
import { readTemplates } from '../../src/templates/read-templates.ts';
import { openRecord, wholeRecord } from '../fixtures/record.ts';
import { incident } from '../fixtures/status/incident.ts';
import { playScenario } from '../scenarios/play.ts';

/** The schema that is published, against what the renderer gives to templates. */

const version = '0.1.0';
const valid = new Ajv2020({ allErrors: true }).compile(templatesJsonSchema());

/** What a snapshot alone does not lead to: composed beside it. */
const beside = new Set(['escalation', 'handoff', 'checkpoint']);

/** A promised update where nothing has changed since a look half an hour before. */
function unchangedOf(looked: Looked): Update[] {
  const { configuration, snapshot, diagnosis } = looked;
  const takenAt = new Date(Date.parse(snapshot.takenAt) - 30 * 60_000).toISOString();
  const previous = asPrevious(configuration, { ...snapshot, takenAt, previous: null }, diagnosis, null);
  const update = composeUnchanged({
    ...statusInput({ ...looked, snapshot: { ...snapshot, previous } }, version),
    checkpoint: { kind: '2h', dueAt: snapshot.takenAt, missed: [] },
  });
  return update === null ? [] : [update];
}

/** Every kind of update that a scenario leads to, with an incident that has this record. */
async function updatesOf(name: string, record: readonly IncidentEvent[]): Promise<Update[]> {
  const { configuration, snapshot: collected } = await playScenario(name);
  const snapshot: Snapshot = {
    ...collected,
    record: [...record],
    incident: incident.snapshot.incident ?? null,
  };
  const looked = lookAt(configuration, snapshot, [], configuration.checkpoints);
  const of = (kind: string) => renderKinds.get(kind)?.(looked, version) ?? [];
  const input = statusInput(looked, version);
  const [first] = snapshot.observations;
  const one = composeEvidence({ id: first?.id ?? '', snapshot, url: null, version });
  return [
    ...[...renderKinds.keys()].filter((kind) => !beside.has(kind)).flatMap(of),
    ...unchangedOf(looked),
    composeHandoff({ ...input, from: 'alice', to: 'bob' }),
    composeEscalation({
      facts: factsOf(input),
      reason: {
        contact: Object.keys(configuration.contacts)[0] ?? 'nobody',
        by: 'kim',
        text: 'nothing helps',
      },
      people: { assigned: ['alice'], passedOver: [] },
      told: ['Slack'],
    }),
    composeEscalatedLately({ name: 'Infra', at: snapshot.takenAt, now: snapshot.takenAt, told: [], version }),
    ...composeAllEvidence(input, () => true),
    ...(one === null ? [] : [one]),
    composeHelp({ commands, held: 'triage', version }),
    composeMissingRole({
      usage: '/status',
      needed: 'triage',
      held: 'none',
      insteadOf: null,
      actor: 'kim',
      version,
    }),
    composeConfigurationErrors({
      errors: [{ line: 3, column: 1, message: 'unknown key', remedy: 'remove it' }],
      version,
    }),
  ];
}

describe('what templates get to see is valid under the schema', () => {
  test.each([
    ['bad-deploy', openRecord, []],
    ['bad-deploy', wholeRecord, []],
    // Much changed half an hour before, so that no checkpoint says that nothing has.
    ['connector-saturated', openRecord, ['checkpoint']],
  ])('of every kind, of the scenario %s', async (name, record, without) => {
    const updates = await updatesOf(name, record);
    for (const update of updates) {
      valid(viewOf(update));
      expect({ kind: update.kind, errors: valid.errors }).toEqual({ kind: update.kind, errors: null });
    }
    expect([...new Set(updates.map(({ kind }) => kind))].sort()).toEqual(
      updateKinds.filter((kind) => !without.includes(kind)),
    );
  });

  test.each([
    ['a field that the kind has not', { more: 'x' }],
    ['a text that is none', { headline: 1 }],
    ['a kind that there is not', { kind: 'other' }],
  ])('and %s is not', (_what, changed) => {
    expect(valid({ ...Object(sampleModel('status', 'full')), ...changed })).toBe(false);
  });
});

describe.each(updateKinds)('the samples of %s', (kind) => {
  const threads = openTemplateThreads({ runMs: 20_000, waitMs: 60_000 });
  afterAll(() => threads.close());
  const [, text = ''] = readTemplates('.').find(([name]) => name === kind) ?? [];

  test.each(['full', 'bare'] as const)(
    '%s is valid, and the built-in template works with it',
    async (fullness) => {
      const model = sampleModel(kind, fullness);
      valid(model);
      expect(valid.errors).toBeNull();
      const templates = { kinds: { [kind]: text }, partials: {}, refused: [] };
      const result = await threads.render({ kind, templates, model, limit: 60_000 });
      expect(result).toEqual({ text: expect.stringMatching(/\S/u) });
    },
  );
});
