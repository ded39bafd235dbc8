import { z } from 'zod';
import { recordedAnswerSchema, recordedProbeSchema } from './answers.ts';
import { expectSchema, scenarioSchema } from './schema.ts';
import type { LoadedScenario } from './load.ts';

const instantInText = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/gu;

/**
 * The same outage with its start at another time: every instant is moved by as much. For what runs by the machine's
 * clock, such as the command line and the measurements.
 */
export function redate(loaded: LoadedScenario, start: Date): LoadedScenario {
  const shift = start.getTime() - Date.parse(loaded.scenario.start);
  const later = (instant: string): string => {
    const time = Date.parse(instant);
    return Number.isNaN(time) ? instant : new Date(time + shift).toISOString();
  };
  const moved = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(instantInText, later));
  return {
    ...loaded,
    scenario: scenarioSchema.parse(moved(loaded.scenario)),
    answers: z.array(recordedAnswerSchema).parse(moved(loaded.answers)),
    probes: z.array(recordedProbeSchema).parse(moved(loaded.probes)),
    expected: loaded.expected === null ? null : expectSchema.parse(moved(loaded.expected)),
  };
}
