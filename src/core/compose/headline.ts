import { clock, number } from '../figures.ts';
import type { IncidentFacts } from '../snapshot.ts';
import type { JourneyReading } from '../states.ts';
import { code, issue, join, plain, prose, say, type Text } from '../text.ts';
import { componentsIn, type Facts } from './facts.ts';
import { sinceWhen } from './onset.ts';

/** Components named in a headline; what is beyond is counted. */
const named = 2;

/** `🔴 P0 investigating: staging “Login to AI response” down since 17:09 (E3)`. */
export function headline(facts: Facts): Text {
  const { incident } = facts.snapshot;
  return incident ? headlineWith(facts, incident, say`${plain(incident.stage)}`) : bare(situation(facts));
}

/** `🔴 P0 declared 17:15 UTC: staging “Login to AI response” down since 17:09 (E3)`. */
export function declaredHeadline(facts: Facts): Text {
  const { incident } = facts.snapshot;
  if (!incident) return bare(situation(facts));
  return headlineWith(facts, incident, say`declared ${plain(clock(incident.declaredAt, facts.seen))} UTC`);
}

/** `🔴 P0 identified`: severity and stage, without what is broken; outside an incident the environment. */
export function standingOf(facts: Facts): Text {
  const { incident } = facts.snapshot;
  const { icon } = situation(facts);
  if (!incident) return say`${icon} ${plain(facts.configuration.environment)}`;
  const severity = incident.severity === null ? say`Incident` : say`${plain(incident.severity)}`;
  return say`${icon} ${severity} ${plain(incident.stage)}`;
}

function bare({ icon, what }: { icon: Text; what: Text }): Text {
  return say`${icon} ${what}`;
}

function headlineWith(facts: Facts, incident: IncidentFacts, standing: Text): Text {
  const { icon, what } = situation(facts);
  const severity = incident.severity === null ? say`Incident` : say`${plain(incident.severity)}`;
  const again = incident.regressionOf > 0 ? say`; regression of ${issue(incident.regressionOf)}` : say``;
  return say`${icon} ${severity} ${standing}: ${what}${again}`;
}

/** The gravest thing that is known, in one phrase. What is unknown is never taken for healthy. */
function situation(facts: Facts): { icon: Text; what: Text } {
  const environment = plain(facts.configuration.environment);
  const all = Object.keys(facts.states);
  const [failing, degraded, unknown] = [
    componentsIn(facts, 'failing'),
    componentsIn(facts, 'degraded'),
    componentsIn(facts, 'unknown'),
  ];
  const blocked = facts.journeys.filter((journey) => journey.blocked === true);
  if (blocked[0] !== undefined) {
    return {
      icon: say`🔴`,
      what: say`${environment} ${blockedJourney(facts, blocked[0], blocked.length - 1)}`,
    };
  }
  if (failing.length > 0) {
    return { icon: say`🔴`, what: say`${environment} ${names(failing)} failing${sinceWhen(facts, failing)}` };
  }
  if (degraded.length > 0) {
    return { icon: say`🟠`, what: say`${environment} ${names(degraded)} degraded${unknownToo(unknown)}` };
  }
  if (all.length > 0 && unknown.length === all.length)
    return { icon: say`⚪`, what: say`${environment}: nothing could be read` };
  return {
    icon: unknown.length > 0 ? say`⚪` : say`🟢`,
    what: say`${environment}: nothing failing${unknownToo(unknown)}`,
  };
}

function blockedJourney(facts: Facts, journey: JourneyReading, more: number): Text {
  const also = more > 0 ? say` and ${more} more` : say``;
  const since = sinceWhen(facts, journey.at === null ? [] : [journey.at]);
  return say`“${prose(journey.title)}”${also} down${since}`;
}

function names(ids: readonly string[]): Text {
  const more = ids.length - named;
  const shown = join(ids.slice(0, named).map(code));
  return more > 0 ? say`${shown} and ${plain(number(more))} more` : say`${shown}`;
}

function unknownToo(unknown: readonly string[]): Text {
  return unknown.length === 0 ? say`` : say`; ${unknown.length} unknown`;
}
