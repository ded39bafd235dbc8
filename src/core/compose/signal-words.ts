import { signal } from '../signals.ts';
import { code, say, type Value } from '../text.ts';

const words = new Map<string, Value>([
  [signal.requests, say`requests`],
  [signal.serverErrors, say`5xx`],
  [signal.clientErrors, say`4xx`],
  [signal.errorShare, say`share of 5xx`],
  [signal.latencyMean, say`latency, mean`],
  [signal.latencyP50, say`latency p50`],
  [signal.latencyP95, say`latency p95`],
  [signal.latencyP99, say`latency p99`],
  [signal.latency, say`latency`],
  [signal.latencyMedian, say`latency, median`],
  [signal.value, say`value`],
  [signal.valueHighest, say`highest`],
  [signal.valueLowest, say`lowest`],
  [signal.entries, say`entries`],
  [signal.activeInstances, say`active instances`],
  [signal.idleInstances, say`idle instances`],
  [signal.instances, say`instances`],
  [signal.cpu, say`CPU`],
  [signal.backends, say`connections`],
  [signal.backendsMax, say`most connections`],
  [signal.logErrors, say`error entries`],
  [signal.logErrorShare, say`share of error entries`],
  [signal.instancesSince, say`at that number since`],
  [signal.logError, say`one error line`],
  [signal.connectTime, say`time to connect`],
  [signal.sentBytes, say`sent`],
  [signal.receivedBytes, say`received`],
  [signal.failedResponses, say`failed answers`],
  [signal.activeEvents, say`events that go on`],
  [signal.rotated, say`last rotated`],
  [signal.throughput, say`throughput, busiest minute`],
  [signal.startupP50, say`time to start p50`],
  [signal.startupP95, say`time to start p95`],
  [signal.memoryExceeded, say`memory limit exceeded`],
  [signal.memory, say`memory`],
  [signal.disk, say`disk`],
]);

/** A signal as people say it; its name where there is no better word. */
export function signalWords(name: string): Value {
  if (name.startsWith(signal.terminated))
    return say`ended by signal ${code(name.slice(signal.terminated.length))}`;
  const exit = name.startsWith(signal.exit) ? name.slice(signal.exit.length) : null;
  return exit === null ? (words.get(name) ?? code(name)) : say`exits with code ${code(exit)}`;
}
