import type { Looked } from '../../src/commands/look.ts';
import { promised } from '../../src/commands/checkpoint.ts';
import { commands } from '../../src/commands/list.ts';
import { factsOfLook, statusInput } from '../../src/commands/looked-facts.ts';
import { statusOf } from '../../src/commands/status.ts';
import { latestCheckpoint } from '../../src/core/checkpoints.ts';
import { composeBrief } from '../../src/core/compose/brief.ts';
import { composeConfigurationErrors } from '../../src/core/compose/configuration-errors.ts';
import { composeCriteria } from '../../src/core/compose/criteria.ts';
import { composeDeclare } from '../../src/core/compose/declare.ts';
import { composeDiff } from '../../src/core/compose/diff.ts';
import { composeEscalation, type EscalationReason } from '../../src/core/compose/escalation-update.ts';
import { composeAllEvidence } from '../../src/core/compose/evidence-all.ts';
import { composeEvidence, composeNoEvidence } from '../../src/core/compose/evidence.ts';
import { composeFiveWhys } from '../../src/core/compose/five-whys.ts';
import { composeHandoff } from '../../src/core/compose/handoff.ts';
import { composeHelp } from '../../src/core/compose/help.ts';
import { judgedOf } from '../../src/core/compose/judged.ts';
import { composeLiving } from '../../src/core/compose/living.ts';
import { composePostmortem } from '../../src/core/compose/postmortem.ts';
import {
  composeMalformed,
  composeMissingRole,
  composeNotAnIncident,
  composePublicRepository,
} from '../../src/core/compose/refusal.ts';
import { composeRefused } from '../../src/core/compose/resolution.ts';
import { composeGranted } from '../../src/core/compose/resolved.ts';
import { composeTimeline } from '../../src/core/compose/timeline.ts';
import { gate } from '../../src/core/incident/gate.ts';
import { composeRedactedEvidence } from '../../src/core/redacted/evidence.ts';
import { redactedInput } from '../../src/core/redacted/input.ts';
import { redactedRecord } from '../../src/core/redacted/record.ts';
import { redactedStory } from '../../src/core/redacted/story.ts';
import type { Update } from '../../src/core/update.ts';
import { mayBePosted, renderUpdate } from '../../src/templates/render.ts';
import type { Story } from './story.ts';

/** One update as it is posted. */
export interface Shown {
  /** As inventory and gallery name it. */
  kind: ShownKind;
  /** What it shows, and when it is posted. */
  title: string;
  markdown: string;
}

/** The kinds that are shown, with what each is posted for. */
export const shownKinds = {
  declare: 'The incident is declared: a label is set, or somebody writes `/sitrep declare`',
  status: '`/status`',
  brief: '`/sitrep brief`',
  'five-whys': '`/sitrep whys`',
  criteria: '`/sitrep criteria`',
  checkpoint: 'A promised update at which something has changed',
  'checkpoint-unchanged': 'A promised update at which nothing material has changed',
  living: 'The living comment, which is edited in silence',
  escalation: 'An escalation rule turned true, or somebody wrote `/sitrep escalate CONTACT`',
  handoff: '`/sitrep handoff @WHO`',
  'resolution-refused': '`/sitrep resolve` while criteria block',
  'resolution-granted': '`/sitrep resolve` that is granted',
  timeline: '`/sitrep timeline`',
  diff: '`/sitrep diff`',
  evidence: '`/sitrep evidence E…`',
  'evidence-all': '`/sitrep evidence all`',
  postmortem: '`/sitrep postmortem`',
  help: '`/sitrep help`',
  refusal: 'Commands that were not carried out',
} as const;

export type ShownKind = keyof typeof shownKinds;

/** A version that does not change, so that the pages change only with what they show. */
const version = '0.1.0';

/** Every kind of update of a story. A kind may be shown more than once, or not at all where there is nothing to tell. */
export function updatesOf(story: Story): Shown[] {
  return modelsOf(story).map(({ kind, title, update }) => ({ kind, title, markdown: renderUpdate(update) }));
}

/** The same before they are laid out. */
export function modelsOf(story: Story): { kind: ShownKind; title: string; update: Update }[] {
  const { declared, status, checkpoint, unchanged } = story;
  const input = statusInput(status, version);
  const made: [ShownKind, string, Update | null][] = [
    ['declare', 'Declared', composeDeclare(statusInput(declared, version), declared.earlier)],
    ['status', '`/status`', statusOf(status, version)],
    ['brief', '`/sitrep brief`', composeBrief(input)],
    ['five-whys', '`/sitrep whys`', composeFiveWhys(input)],
    ['criteria', '`/sitrep criteria`', composeCriteria(input)],
    ...checkpointsOf(checkpoint, unchanged),
    ['living', 'The living comment', composeLiving(input)],
    ['escalation', 'Escalation', escalationOf(status)],
    [
      'handoff',
      '`/sitrep handoff`',
      composeHandoff({ ...input, from: story.people.lead, to: story.people.other }),
    ],
    ['resolution-refused', '`/sitrep resolve`, refused', refusedOf(story)],
    ['resolution-granted', '`/sitrep resolve`, granted', grantedOf(story)],
    ['timeline', '`/sitrep timeline`', timelineOf(story)],
    ['diff', '`/sitrep diff`', composeDiff(input, null)],
    ...evidenceOf(status),
    ['postmortem', '`/sitrep postmortem`', postmortemOf(story)],
    ['help', '`/sitrep help`', composeHelp({ commands, held: 'triage', version })],
    ...refusalsOf(story),
  ];
  return made.flatMap(([kind, title, update]) => (update === null ? [] : [{ kind, title, update }]));
}

type Made = [ShownKind, string, Update | null];

function checkpointsOf(changed: Looked, unchanged: Looked): Made[] {
  return [changed, unchanged].flatMap((looked): Made[] => {
    const { plan, snapshot } = looked;
    const due = latestCheckpoint(plan, snapshot.incident?.declaredAt ?? snapshot.takenAt, snapshot.takenAt);
    if (due === null) return [];
    const { update, kind } = promised(looked, version, { ...due, missed: [] });
    return kind === 'checkpoint'
      ? [['checkpoint', 'Checkpoint', update]]
      : [['checkpoint-unchanged', 'Checkpoint, nothing material changed', update]];
  });
}

function escalationOf(looked: Looked): Update | null {
  const { configuration, criteria } = looked;
  const reading = criteria.escalation.find(({ result }) => result === 'met');
  const rule = configuration.escalation.find(({ id }) => id === reading?.id);
  const last = looked.state.escalations.at(-1);
  const asked: EscalationReason | null =
    reading !== undefined && rule !== undefined
      ? { rule, reading }
      : last?.contact === undefined || last.contact === null
        ? null
        : { contact: last.contact, by: last.by, text: last.reason };
  if (asked === null) return null;
  return composeEscalation({
    facts: factsOfLook(looked, version),
    reason: asked,
    people: { assigned: [], passedOver: [] },
    told: [],
  });
}

/** Asked for at the first status. Where nothing blocks, nothing is refused. */
function refusedOf({ status, people }: Story): Update | null {
  const facts = factsOfLook(status, version);
  const judged = judgedOf(facts);
  const answer = gate(judged.readings, { role: 'write', isLead: false, override: null });
  const call = { by: people.other, byHand: false, override: null, reopens: false };
  return answer.granted ? null : composeRefused(facts, status.state, judged, call, answer);
}

/** Asked for by a maintainer at the checkpoint, with a reason where something still blocks. */
function grantedOf({ checkpoint, people }: Story): Update | null {
  const facts = factsOfLook(checkpoint, version);
  const judged = judgedOf(facts);
  const blocks = judged.readings.some(({ result }) => result !== 'met');
  const override = blocks ? 'staging is switched off for the night, and the fix is under review' : null;
  const answer = gate(judged.readings, { role: 'maintain', isLead: false, override });
  const call = { by: people.maintainer, byHand: false, override, reopens: false };
  return answer.granted ? composeGranted(facts, checkpoint.state, judged, call, answer.overridden) : null;
}

function timelineOf({ resolved, status }: Story): Update {
  const redacted = status.disclosure === 'redacted';
  return composeTimeline({
    record: redacted ? redactedRecord(resolved.record) : resolved.record,
    filter: { group: null, since: null },
    now: resolved.at,
    version,
    redacted,
  });
}

/** What the headline cites first, and what was read of all. */
function evidenceOf({ snapshot, configuration, diagnosis, criteria, disclosure }: Looked): Made[] {
  const [id = 'E1'] = diagnosis.chain.at(-1)?.evidence ?? snapshot.observations.map((one) => one.id);
  const input = { configuration, snapshot, diagnosis, criteria, nextCheckpoint: null, version };
  const isFull = disclosure === 'full';
  const parts = composeAllEvidence(isFull ? input : redactedInput(input), mayBePosted);
  const compose = isFull ? composeEvidence : composeRedactedEvidence;
  return [
    ['evidence', `\`/sitrep evidence ${id}\``, compose({ id, snapshot, url: null, version })],
    ...parts.map((part): Made => ['evidence-all', '`/sitrep evidence all`', part]),
  ];
}

function postmortemOf({ resolved, world, status }: Story): Update {
  const told = {
    configuration: world.configuration,
    record: resolved.record,
    telling: { snapshot: status.snapshot, diagnosis: status.diagnosis },
    redacted: false,
  };
  return composePostmortem({
    issue: world.issue.number,
    title: world.issue.title,
    ...(status.disclosure === 'full' ? told : redactedStory(told)),
    now: resolved.at,
    failure: null,
    as: 'comment',
    version,
  });
}

function refusalsOf({ status, people, world }: Story): Made[] {
  const { owner, name } = world.scenario.repository;
  const updates: [string, Update][] = [
    [
      'A role that does not suffice',
      composeMissingRole({
        usage: '/sitrep resolve [--override REASON]',
        actor: people.other,
        needed: 'write',
        held: 'triage',
        insteadOf: null,
        version,
      }),
    ],
    [
      'A command that does not exist',
      composeMalformed({ written: '/sitrep statu', command: null, meant: ['/status'], version }),
    ],
    ['An issue that is no incident', composeNotAnIncident({ usage: '/sitrep ack', version })],
    ['A public repository', composePublicRepository({ owner, name, version })],
    [
      'Evidence that does not exist',
      composeNoEvidence({ id: 'E9999', next: status.snapshot.observations.length + 1, version }),
    ],
    [
      'Errors in `.github/sitrep.yml`',
      composeConfigurationErrors({
        errors: [
          {
            line: 12,
            column: 5,
            message: 'components.backend.depends_on names "databse", which is no component',
            remedy: 'write db, or add a component of that name',
          },
          { line: 31, column: 11, message: 'when: unknown name "error"', remedy: 'write errors.share' },
        ],
        version,
      }),
    ],
  ];
  return updates.map(([title, update]) => ['refusal', title, update]);
}
