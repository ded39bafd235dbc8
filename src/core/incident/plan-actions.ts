import type { Configuration } from '../../config/repository.schema.ts';
import { durationOf, later } from '../figures.ts';
import type { NewEvent } from './events.ts';

/** `0h-1h`: from when to when after the declaration a phase is meant to run. */
const span = /^\s*\d{1,5}[smhd]?\s*[-–]\s*(\d{1,5}[smhd])\s*$/u;

/** The actions of the configuration's plan, as they go on the checklist when an incident is declared. */
export function planActions({ plan }: Pick<Configuration, 'plan'>, declaredAt: string): NewEvent[] {
  const actions = plan.flatMap(({ phase, window, actions: ofPhase }) =>
    ofPhase.map(({ title, run }) => ({ title, run: run ?? null, phase, dueAt: endOf(window, declaredAt) })),
  );
  return actions.map((action, index) => ({
    key: `planned ${String(index + 1)}`,
    at: declaredAt,
    by: 'sitrep',
    url: null,
    body: { kind: 'action-added', owner: null, planned: true, ...action },
  }));
}

/** When a phase's window ends, UTC; null where none is given, or it is no span of time. */
function endOf(window: string | undefined, declaredAt: string): string | null {
  const end = durationOf(span.exec(window ?? '')?.[1] ?? '');
  return end === null ? null : later(declaredAt, end);
}
