import type { Configuration } from '../../config/repository.schema.ts';
import type { Snapshot } from '../snapshot.ts';
import { componentStates } from '../states.ts';
import type { NewEvent } from './events.ts';

/** The components that stand otherwise than at the look before, whoever looked; one that was never seen is not among them. */
export function componentStateEvents(configuration: Configuration, snapshot: Snapshot): NewEvent[] {
  const { takenAt, previous, record = [] } = snapshot;
  const known = new Map<string, string>(Object.entries(previous?.states ?? {}));
  for (const { body } of record) if (body.kind === 'component-state') known.set(body.component, body.to);
  return Object.entries(componentStates(configuration, snapshot)).flatMap(
    ([component, { state: to, evidence }]): NewEvent[] => {
      const from = known.get(component);
      if (from === undefined || from === to) return [];
      return [
        {
          key: `state ${component} ${takenAt}`,
          at: takenAt,
          by: 'sitrep',
          url: null,
          body: { kind: 'component-state', component, from, to, evidence: [...evidence] },
        },
      ];
    },
  );
}
