import type { Severity, Stage, WhyStatement } from './terms.ts';
import type { EventBody, IncidentEvent } from './events.ts';

/** How an incident stands, and what people said and decided: all of it follows from its events. */

/** Something that a person said, by a command. */
export interface Said {
  by: string;
  at: string;
  url: string | null;
  text: string;
}

/** One point of the checklist. */
export interface ChecklistAction {
  /** By which commands name it; counted from 1 in the order in which they were added. */
  number: number;
  title: string;
  owner: string | null;
  /** UTC, ISO 8601; null for none. */
  dueAt: string | null;
  phase: string | null;
  /** Command for a person to run; Sitrep only shows it. */
  run: string | null;
  planned: boolean;
  by: string;
  addedAt: string;
  /** Null while it is open. */
  done: { by: string; at: string } | null;
}

export type RegressionLink = Omit<Extract<EventBody, { kind: 'regression' }>, 'kind'> & {
  by: string;
  at: string;
};

export interface Escalation {
  rule: string | null;
  contact: string | null;
  reason: string | null;
  paged: boolean;
  by: string;
  at: string;
}

export interface Resolution {
  by: string;
  at: string;
  override: string | null;
  overridden: readonly string[];
  byHand: boolean;
  /** Ids of the criteria that were met, and of the journeys that were not blocked. */
  held: readonly string[];
  passed: readonly string[];
}

export interface IncidentState {
  /** Null before it was declared: then Sitrep only answers. By whom and when first; `via` what did so last. */
  declared: { by: string; at: string; via: 'label' | 'command' | 'status' } | null;
  /** Whether Sitrep looks after it by itself: declared, not stood down, not resolved. */
  watched: boolean;
  /** Why it was stood down; null where it was not. */
  stoodDown: string | null;
  severity: Severity | null;
  stage: Stage;
  lead: string | null;
  acknowledged: { by: string; at: string } | null;
  /** The last statement of who is affected. */
  impact: Said | null;
  notes: readonly Said[];
  whys: readonly (Said & { why: WhyStatement })[];
  actions: readonly ChecklistAction[];
  /** Checkpoints that a person chose; null for the configuration's. */
  plan: readonly string[] | null;
  /** No update comes by itself before; null where nobody asked for quiet. */
  snoozedUntil: string | null;
  /** When that was asked for. */
  snoozedFrom: string | null;
  regression: RegressionLink | null;
  /** Issues of which a person said that this is no regression. */
  notRegressionOf: readonly number[];
  similar: Extract<EventBody, { kind: 'similar' }>['matches'];
  escalations: readonly Escalation[];
  /** Ids of escalation rules of which it was said that their clock ran out and they cannot be told. */
  announcedUnknown: readonly string[];
  /** The rollback that was offered last, and since when; null for none. */
  rollback: { component: string; to: string; at: string } | null;
  handoff: { from: string | null; to: string; by: string; at: string; acceptedAt: string | null } | null;
  /** The last refusal since the incident was opened or opened again; null for none. */
  refused: {
    by: string;
    at: string;
    failing: readonly string[];
    unknown: readonly string[];
    /** When criteria that need a time can hold at the earliest, UTC; null where none does. */
    recheckAt: string | null;
  } | null;
  /** When the confirmation was asked for, since then nothing failed; null where it was not. */
  windowCompleteAt: string | null;
  resolution: Resolution | null;
  /** How often it was opened again. */
  reopened: number;
  issueClosed: boolean;
  /** A person closed the issue while criteria did not hold, and it is closed still. */
  closedUnresolved: boolean;
  /** When the failure began, as the readings tell; null where they do not. */
  beganAt: string | null;
  /** Updates since the last one that was posted which were not, for the noise they would have been. */
  folded: readonly { update: string; at: string }[];
  /** When people first said that the effect on users is over (stage monitoring); null where they did not. */
  mitigatedAt: string | null;
}

const nothing: IncidentState = {
  declared: null,
  watched: false,
  stoodDown: null,
  severity: null,
  stage: 'investigating',
  lead: null,
  acknowledged: null,
  impact: null,
  notes: [],
  whys: [],
  actions: [],
  plan: null,
  snoozedUntil: null,
  snoozedFrom: null,
  regression: null,
  notRegressionOf: [],
  similar: [],
  escalations: [],
  announcedUnknown: [],
  rollback: null,
  handoff: null,
  refused: null,
  windowCompleteAt: null,
  resolution: null,
  reopened: 0,
  issueClosed: false,
  closedUnresolved: false,
  beganAt: null,
  folded: [],
  mitigatedAt: null,
};

/** The state after all events, in the order in which they were recorded. */
export function stateOf(events: readonly IncidentEvent[]): IncidentState {
  return events.reduce(after, nothing);
}

/** The state after one more event. An event that no longer fits changes nothing, for example a box ticked twice. */
export function after(state: IncidentState, { body, at, by, url }: IncidentEvent): IncidentState {
  const said = (text: string): Said => ({ by, at, url, text });
  switch (body.kind) {
    case 'declared':
      if (state.declared !== null && state.stoodDown === null) return state;
      return {
        ...state,
        declared: { ...(state.declared ?? { by, at }), via: body.via },
        severity: body.severity ?? state.severity,
        stoodDown: null,
        watched: state.resolution === null,
      };
    case 'stood-down':
      return { ...state, stoodDown: body.why, watched: false };
    case 'severity':
      return { ...state, severity: body.severity };
    case 'stage':
      return {
        ...state,
        stage: body.stage,
        mitigatedAt: state.mitigatedAt ?? (body.stage === 'monitoring' ? at : null),
      };
    case 'lead':
      return { ...state, lead: body.lead };
    case 'acknowledged':
      return { ...state, acknowledged: state.acknowledged ?? { by, at } };
    case 'note':
      return { ...state, notes: [...state.notes, said(body.text)] };
    case 'impact':
      return { ...state, impact: said(body.text) };
    case 'why':
      return { ...state, whys: [...state.whys, { ...said(body.text), why: body.why }] };
    case 'action-added': {
      const { title, owner, dueAt, phase, run, planned } = body;
      const number = state.actions.length + 1;
      const added = { number, title, owner, dueAt, phase, run, planned, by, addedAt: at, done: null };
      return { ...state, actions: [...state.actions, added] };
    }
    case 'action-done':
      return withAction(state, body.number, (action) => ({ ...action, done: action.done ?? { by, at } }));
    case 'action-reopened':
      return withAction(state, body.number, (action) => ({ ...action, done: null }));
    case 'checkpoints':
      return { ...state, plan: body.plan, snoozedUntil: null, snoozedFrom: null };
    case 'snoozed':
      return { ...state, snoozedUntil: body.until, snoozedFrom: at };
    case 'regression': {
      const { kind: _, ...match } = body;
      return {
        ...state,
        regression: { ...match, by, at },
        notRegressionOf: state.notRegressionOf.filter((issue) => issue !== body.of),
      };
    }
    case 'not-regression':
      return {
        ...state,
        regression: state.regression?.of === body.of ? null : state.regression,
        notRegressionOf: [...new Set([...state.notRegressionOf, body.of])],
      };
    case 'similar':
      return { ...state, similar: body.matches };
    case 'escalated': {
      const { rule, contact, reason, paged } = body;
      return { ...state, escalations: [...state.escalations, { rule, contact, reason, paged, by, at }] };
    }
    case 'rule-unknown':
      return { ...state, announcedUnknown: [...new Set([...state.announcedUnknown, body.rule])] };
    case 'rollback-offered':
      return { ...state, rollback: { component: body.component, to: body.to, at } };
    case 'handoff':
      return { ...state, handoff: { from: state.lead, to: body.to, by, at, acceptedAt: null } };
    case 'handoff-accepted':
      if (state.handoff === null || state.handoff.acceptedAt !== null) return state;
      // A maintainer may accept for whoever is meant.
      return { ...state, lead: state.handoff.to, handoff: { ...state.handoff, acceptedAt: at } };
    case 'resolve-refused':
      return {
        ...state,
        refused: {
          by,
          at,
          failing: body.failing,
          unknown: body.unknown,
          recheckAt: body.recheckAt,
        },
        closedUnresolved: body.byHand || state.closedUnresolved,
        windowCompleteAt: null,
      };
    case 'window-complete':
      return { ...state, windowCompleteAt: at };
    case 'window-broken':
      return { ...state, windowCompleteAt: null };
    case 'resolved': {
      if (state.resolution !== null) return state;
      const { override, overridden, byHand, held, passed } = body;
      return {
        ...state,
        stage: 'resolved',
        watched: false,
        closedUnresolved: false,
        resolution: { by, at, override, overridden, byHand, held, passed },
      };
    }
    case 'reopened':
      if (state.resolution === null) return state;
      return {
        ...state,
        stage: 'investigating',
        issueClosed: false,
        watched: state.declared !== null && state.stoodDown === null,
        resolution: null,
        refused: null,
        windowCompleteAt: null,
        closedUnresolved: false,
        mitigatedAt: null,
        reopened: state.reopened + 1,
      };
    case 'issue-closed':
      return { ...state, issueClosed: true };
    case 'issue-reopened':
      return { ...state, issueClosed: false, closedUnresolved: false };
    case 'began':
      return { ...state, beganAt: earliest(state.beganAt, at) };
    case 'component-state':
      // What fails again ends the window that was complete.
      return body.to === 'failing' ? { ...state, windowCompleteAt: null } : state;
    case 'updated':
      return { ...state, folded: [] };
    case 'folded':
      return { ...state, folded: [...state.folded, { update: body.update, at }] };
    case 'cause':
    case 'change':
    case 'postmortem':
    case 'followup':
      return state;
  }
}

function withAction(
  state: IncidentState,
  number: number,
  change: (action: ChecklistAction) => ChecklistAction,
): IncidentState {
  const actions = state.actions.map((action) => (action.number === number ? change(action) : action));
  return { ...state, actions };
}

function earliest(a: string | null, b: string): string {
  return a === null || Date.parse(b) < Date.parse(a) ? b : a;
}
