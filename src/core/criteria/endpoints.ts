import type { HttpComponent } from '../../config/repository.schema.ts';
import { durationOf } from '../figures.ts';
import { evidenceIds, gapsOf, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { SignalName } from '../signals.ts';
import { gapPhrase } from '../states/reading.ts';
import type { Facts } from './facts.ts';
import { unreadableOf } from './facts.ts';
import { count, duration, missing, text, truth } from './figure.ts';
import type { Figure, Missing } from './figure.ts';
import { secondsOf } from './starts.ts';

/** One element of `probes` or `sockets`: its fields, each read when it is asked for. */
export interface Element {
  id: string;
  read: (field: string) => Figure;
}

/**
 * The http components, each an element even where nothing could be read of it: a missing probe has fields that
 * are unknown, so no condition over all probes can pass it by.
 */
export function probes(facts: Facts): Element[] {
  const found = Object.entries(facts.configuration.components).flatMap(([id, component]) =>
    component.type === 'http'
      ? [{ id, read: (field: string) => probeField(facts, id, component, field) }]
      : [],
  );
  return [...found, ...unreadableOf(facts.configuration, 'http').map(unreadable)];
}

/** The websocket components, by the same rule. */
export function sockets(facts: Facts): Element[] {
  const found = Object.entries(facts.configuration.components).flatMap(([id, component]) =>
    component.type === 'websocket' ? [{ id, read: (field: string) => socketField(facts, id, field) }] : [],
  );
  return [...found, ...unreadableOf(facts.configuration, 'websocket').map(unreadable)];
}

/** A component whose description could not be read: nothing is known of it but its id. */
export function unreadable(id: string): Element {
  return {
    id,
    read: (field) => (field === 'id' ? text(id) : missing(`the configuration of ${id} could not be read`)),
  };
}

function probeField(facts: Facts, id: string, component: HttpComponent, field: string): Figure {
  if (field === 'id') return text(id);
  if (field === 'status') return statusOf(facts, id);
  if (field === 'latency') return latencyOf(facts, id);
  return expected(facts, id, component);
}

/** Whether all is as the component expects it; a wrong status decides without the time. */
function expected(facts: Facts, id: string, component: HttpComponent): Figure {
  const [status, latency] = [statusOf(facts, id), latencyOf(facts, id)];
  if (!status.known) return status;
  const right = status.value === BigInt(component.expect?.status ?? 200);
  if (!right || !latency.known) return right ? latency : truth(false, status.evidence);
  const limit = durationOf(component.expect?.within ?? '10s') ?? Number.NaN;
  const inTime = Number(latency.value) <= limit;
  const { state, why, evidence } = facts.states[id] ?? { state: 'unknown', why: 'not read', evidence: [] };
  // With the right status in time, what is left to be wrong or unread is the body, or where it redirects to.
  if (inTime && state === 'unknown') return missing(why, evidence);
  const ofAnswer = [...status.evidence, ...latency.evidence];
  return truth(inTime && state === 'healthy', state === 'failing' ? evidence : ofAnswer);
}

function socketField(facts: Facts, id: string, field: string): Figure {
  if (field === 'id') return text(id);
  if (field === 'latency') return latencyOf(facts, id);
  const status = statusOf(facts, id);
  return status.known ? truth(status.value === switchingProtocols, status.evidence) : status;
}

/** HTTP's answer to an accepted WebSocket (RFC 6455, section 4.2.2). */
const switchingProtocols = 101n;

function statusOf(facts: Facts, id: string): Figure {
  const observation = latest(facts.index, id, signal.status);
  const value = numberOf(observation);
  if (!observation || value === null) return unread(facts, id, signal.status);
  return count(value, [observation.id]);
}

function latencyOf(facts: Facts, id: string): Figure {
  const observation = latest(facts.index, id, signal.latency);
  const seconds = secondsOf(observation);
  if (!observation || seconds === null) return unread(facts, id, signal.latency);
  return duration(seconds, [observation.id]);
}

function unread(facts: Facts, id: string, name: SignalName): Missing {
  const gaps = gapsOf(facts.index, id, name);
  return missing(gaps[0] ? gapPhrase(gaps[0]) : 'not read', evidenceIds(gaps));
}
