import { lookAt } from '../../src/commands/assess.ts';
import type { Looked } from '../../src/commands/look.ts';
import { nextComment } from '../../src/core/checkpoints.ts';
import { regressionLines } from '../../src/core/compose/regression-lines.ts';
import type { Disclosure } from '../../src/core/disclosure.ts';
import { later } from '../../src/core/figures.ts';
import type { EventBody, IncidentEvent } from '../../src/core/incident/events.ts';
import { observedEvents } from '../../src/core/incident/observed.ts';
import { planActions } from '../../src/core/incident/plan-actions.ts';
import { refreshMs } from '../../src/core/incident/refresh.ts';
import { stateOf } from '../../src/core/incident/state.ts';
import { withWhys } from '../../src/core/incident/stated-whys.ts';
import { indexObservations } from '../../src/core/observations.ts';
import { asPrevious } from '../../src/core/previous.ts';
import { earlierFix } from '../../src/core/regression/fix.ts';
import { matchEarlier, type Matches } from '../../src/core/regression/match.ts';
import { presentIncident } from '../../src/core/regression/present-incident.ts';
import { issueReader } from '../../src/core/regression/read-issue.ts';
import { nextEvidence } from '../../src/core/samples.ts';
import { severityOf } from '../../src/core/severity.ts';
import type { IncidentFacts, PreviousUpdate, Snapshot } from '../../src/core/snapshot.ts';
import { minutesAfter, openWorld, type World } from './world.ts';

/**
 * An incident of a scenario from its declaration to its end, with people who do what people do: so that every kind of
 * update has something to tell. What is measured is the scenario's; what people say and do is the same in each.
 */
export interface Story {
  name: string;
  world: Pick<World, 'scenario' | 'configuration' | 'issue' | 'issueUrl'>;
  people: People;
  /** A minute after the declaration. */
  declared: Looked;
  /** At the scenario's start, when most is known. */
  status: Looked;
  /** At the promised time of the next update. */
  checkpoint: Looked;
  /** The same, where the update before came a minute earlier. */
  unchanged: Looked;
  /** After it was called resolved. */
  resolved: { record: readonly IncidentEvent[]; at: string };
}

export interface People {
  lead: string;
  other: string;
  maintainer: string;
}

const stories = new Map<string, Promise<Record<Disclosure, Story>>>();

/** Reads a scenario's story, once in a process; redacted as if its repository were public. */
export async function storyOf(name: string, disclosure: Disclosure = 'full'): Promise<Story> {
  const known = stories.get(name) ?? tell(name);
  stories.set(name, known);
  return (await known)[disclosure];
}

async function tell(name: string): Promise<Record<Disclosure, Story>> {
  const world = await openWorld(name);
  try {
    return await told(name, world);
  } finally {
    await world.close();
  }
}

/** What is read and recorded is the same, however much of it is shown. */
async function told(name: string, world: World): Promise<Record<Disclosure, Story>> {
  const { scenario, configuration, issue } = world;
  const people = peopleOf(world);
  const begun = new Date(issue.at).toISOString();
  const record = new Recording(world, people, begun);
  const first = minutesAfter(begun, 1);
  const declared = await record.look(first, null);
  record.nothingYet(declared);
  const start = new Date(scenario.start).toISOString();
  const at = Date.parse(start) > Date.parse(first) ? start : minutesAfter(first, 30);
  record.peopleAct(at);
  const status = await record.look(at, declared);
  record.handOver(at);
  const due =
    nextComment(configuration.checkpoints, begun, at, stateOf(record.events)) ?? minutesAfter(at, 60);
  const checkpoint = await record.look(due, status);
  const again = await record.lookAgain(due, checkpoint);
  record.resolve(minutesAfter(due, 10));
  const shown = (disclosure: Disclosure): Story => ({
    name,
    world,
    people,
    declared: record.withEarlier(declared, disclosure),
    status: record.withEarlier(status, disclosure),
    checkpoint: record.withEarlier(checkpoint, disclosure),
    unchanged: { ...again, disclosure },
    resolved: { record: record.events, at: minutesAfter(due, 60) },
  });
  return { full: shown('full'), redacted: shown('redacted') };
}

/** What happened, added to as the story goes on. */
class Recording {
  readonly events: IncidentEvent[] = [];
  readonly #world: World;
  readonly #people: People;
  readonly #begun: string;
  #earlier: Matches = { regression: null, similar: [] };

  constructor(world: World, people: People, begun: string) {
    this.#world = world;
    this.#people = people;
    this.#begun = begun;
    const { configuration, issue } = world;
    this.#tell(
      begun,
      { kind: 'declared', severity: severityOf(issue.labels, configuration), via: 'label' },
      issue.by,
    );
    for (const planned of planActions(configuration, begun))
      this.events.push({ ...planned, recordedAt: begun });
  }

  /** A look as it is made after all that happened so far; what it sees is recorded. */
  async look(at: string, before: Looked | null): Promise<Looked> {
    const { configuration } = this.#world;
    const previous = before === null ? null : this.#previousOf(before);
    const firstEvidence = before === null ? 1 : freeAfter(before.snapshot);
    const read = () =>
      this.#world.read(at, {
        firstEvidence,
        previous,
        sampledFrom: this.#begun,
        earlier: this.#earlier.regression === null ? [] : [this.#earlier.regression.issue],
        incident: this.#facts(),
      });
    let looked = this.#lookedAt(await read());
    if (before === null && this.#recognise(looked)) looked = this.#lookedAt(await read());
    const { snapshot, diagnosis } = looked;
    const seen = observedEvents({ configuration, snapshot, diagnosis, state: looked.state });
    const known = new Set(this.events.map(({ key }) => key));
    this.events.push(
      ...seen.filter(({ key }) => !known.has(key)).map((event) => ({ ...event, recordedAt: at })),
    );
    return looked;
  }

  /** The look as it is shown, with what is told of earlier incidents. */
  withEarlier(looked: Looked, disclosure: Disclosure): Looked {
    const { regression } = this.#earlier;
    const fix = regression === null ? null : earlierFix(indexObservations(looked.snapshot), regression.issue);
    const {
      same,
      fix: fixed,
      similar,
      wrong,
    } = regressionLines(this.#earlier, fix, looked.diagnosis, disclosure);
    return { ...looked, disclosure, earlier: [same, fixed, similar, wrong].filter((line) => line !== null) };
  }

  /** The same look, had the update before come a minute earlier. */
  lookAgain(at: string, { snapshot, ...looked }: Looked): Promise<Looked> {
    const earlier = { ...looked, snapshot: { ...snapshot, takenAt: minutesAfter(at, -1) } };
    return Promise.resolve(this.#lookedAt({ ...snapshot, previous: this.#previousOf(earlier) }));
  }

  nothingYet({ snapshot }: Looked): void {
    this.#tell(snapshot.takenAt, { kind: 'updated', update: 'declare', posting: 'declaration' });
  }

  /** Between the declaration and the first status. */
  peopleAct(until: string): void {
    const { lead, other } = this.#people;
    const whole = Date.parse(until) - Date.parse(this.#begun);
    const at = (part: number): string =>
      new Date(Math.floor((Date.parse(this.#begun) + whole * part) / 60_000) * 60_000).toISOString();
    this.#say(at(0.1), lead, { kind: 'acknowledged' });
    this.#say(at(0.1), lead, { kind: 'lead', lead });
    this.#say(at(0.3), other, { kind: 'impact', text: 'Support has 12 tickets of people who cannot work' });
    this.#say(at(0.4), lead, actionAdded('Write to the customers who asked', other, later(until, -300_000)));
    this.#say(at(0.45), lead, actionAdded('Find out who changed what today', null, later(until, 3_600_000)));
    this.#say(at(0.6), other, { kind: 'action-done', number: this.#actions() - 1 });
    this.#say(at(0.65), lead, {
      kind: 'why',
      text: 'services stop at the start rather than run without what they need, by design',
      why: {
        act: 'add',
        reason: 'services stop at the start rather than run without what they need, by design',
      },
    });
    this.#say(at(0.7), lead, { kind: 'stage', stage: 'identified' });
    this.#say(at(0.8), other, { kind: 'note', text: 'well: the alert came within a minute' });
    this.#say(at(0.9), other, { kind: 'note', text: 'bad: nobody knew where the runbook is' });
    const [contact] = this.#contacts();
    if (contact !== undefined)
      this.#say(at(0.95), lead, {
        kind: 'escalated',
        rule: null,
        contact,
        reason: 'we need another pair of eyes',
        paged: false,
      });
  }

  handOver(at: string): void {
    const { lead, other } = this.#people;
    this.#say(minutesAfter(at, 10), lead, { kind: 'handoff', to: other });
    this.#say(minutesAfter(at, 14), other, { kind: 'handoff-accepted' });
    this.#say(minutesAfter(at, 20), other, { kind: 'stage', stage: 'mitigating' });
  }

  resolve(at: string): void {
    const { maintainer, other } = this.#people;
    this.#say(minutesAfter(at, -5), other, { kind: 'stage', stage: 'monitoring' });
    this.#say(at, maintainer, {
      kind: 'resolved',
      override: 'the last criterion is watched elsewhere',
      overridden: [],
      byHand: false,
      held: [],
      passed: [],
    });
  }

  #lookedAt(snapshot: Snapshot): Looked {
    const { configuration } = this.#world;
    const state = stateOf(this.events);
    const looked = lookAt(
      configuration,
      {
        ...snapshot,
        statements: withWhys(snapshot.statements, state.whys, this.#world.issueUrl),
        record: [...this.events],
        incident: this.#facts(),
      },
      [],
      configuration.checkpoints,
    );
    const boardAt = later(snapshot.takenAt, refreshMs(configuration, looked.state.severity));
    return { ...looked, boardAt };
  }

  /** Whether it turns out to be a regression of an earlier incident of the repository. */
  #recognise({ configuration, snapshot, diagnosis, state }: Looked): boolean {
    const { scenario, issue } = this.#world;
    const read = issueReader(configuration);
    const closed = scenario.issues
      .filter(({ state: of, number }) => of === 'closed' && number !== issue.number)
      .map((one) =>
        read({
          issue: one.number,
          title: one.title,
          url: this.#world.issueUrl.replace(/\d+$/u, String(one.number)),
          openedAt: one.at,
          closedAt: one.closed_at ?? null,
          labels: one.labels,
          body: one.body,
          comments: one.comments.map(({ at, body }) => ({ at, text: body })),
        }),
      );
    const present = presentIncident(
      { snapshot, diagnosis, configuration },
      {
        at: state.declared?.at ?? snapshot.takenAt,
        issue: issue.number,
        text: `${issue.title}\n${issue.body}`,
      },
    );
    this.#earlier = matchEarlier(present, closed);
    const { regression } = this.#earlier;
    if (regression === null) return false;
    const { score, lines, shared } = regression;
    this.#tell(snapshot.takenAt, {
      kind: 'regression',
      of: regression.issue,
      score,
      lines: lines.map(({ line }) => line),
      components: [...shared],
      raisedFrom: null,
      raised: false,
    });
    return true;
  }

  #facts(): IncidentFacts | null {
    const { scenario, issue, issueUrl } = this.#world;
    const state = stateOf(this.events);
    if (state.declared === null) return null;
    return {
      repository: `${scenario.repository.owner}/${scenario.repository.name}`,
      public: !scenario.repository.private,
      issue: issue.number,
      url: issueUrl,
      title: issue.title,
      severity: state.severity,
      stage: state.stage,
      declaredAt: state.declared.at,
      lead: state.lead,
      regressionOf: state.regression?.of ?? 0,
    };
  }

  #previousOf({ configuration, snapshot, diagnosis }: Looked): PreviousUpdate {
    return asPrevious(configuration, snapshot, diagnosis, `${this.#world.issueUrl}#issuecomment-3290000101`);
  }

  #contacts(): string[] {
    const { contacts } = this.#world.configuration;
    const provider = Object.keys(contacts).filter((id) => contacts[id]?.role === 'provider');
    return [...provider, ...Object.keys(contacts)];
  }

  #actions(): number {
    return stateOf(this.events).actions.length;
  }

  #say(at: string, by: string, body: EventBody): void {
    const place = String(3_290_000_200 + this.events.length);
    this.#tell(at, body, by, `${this.#world.issueUrl}#issuecomment-${place}`);
  }

  #tell(at: string, body: EventBody, by = 'sitrep', url: string | null = null): void {
    this.events.push({ key: `told ${String(this.events.length + 1)}`, at, by, url, body, recordedAt: at });
  }
}

function actionAdded(title: string, owner: string | null, dueAt: string): EventBody {
  return { kind: 'action-added', title, owner, dueAt, phase: null, run: null, planned: false };
}

function peopleOf({ scenario }: World): People {
  const withRole = (...roles: string[]): string[] =>
    Object.keys(scenario.people).filter((login) => roles.includes(scenario.people[login]?.role ?? ''));
  const [maintainer = 'sam'] = withRole('maintain', 'admin');
  const other = withRole('write', 'triage', 'admin').find((login) => login !== maintainer) ?? maintainer;
  return { lead: maintainer, other, maintainer };
}

/** The first evidence number that a snapshot leaves free, its series included. */
function freeAfter(snapshot: Snapshot): number {
  return nextEvidence(snapshot, 1) + (snapshot.series?.length ?? 0);
}
