import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withinNoise } from '../../src/composition/noise.ts';
import type { Posting } from '../../src/commands/deps.ts';
import type { NewEvent } from '../../src/core/incident/events.ts';
import { openIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import { enqueuePublication } from '../../src/store/publications.ts';
import { open } from '../store/engines.ts';
import { at, incident, minutesLater, publication } from '../store/fixtures.ts';

let store: Store;
let incidentId: string;
beforeEach(async () => {
  store = await open('memory:');
  incidentId = (await openIncident(store.db, incident)).id;
});
afterEach(async () => {
  await store.close();
});

const idOf = (number: number) => `0d9f6c6e-6a55-5d0e-9a39-${String(number).padStart(12, '0')}`;
type Due = Pick<Posting, 'id' | 'kind' | 'asked'>;
const posting = (number: number, asked: boolean, kind = 'change'): Due => ({
  id: idOf(number),
  kind,
  asked,
});
const updated = (number: number): NewEvent => ({
  key: `updated ${String(number)}`,
  at: at.toISOString(),
  by: 'sitrep',
  url: null,
  body: { kind: 'updated', update: 'change', posting: idOf(number) },
});

/** Comments that came at these minutes although nobody asked. */
async function came(...minutes: number[]): Promise<void> {
  for (const [index, minute] of minutes.entries())
    await store.db.transaction().execute((trx) =>
      enqueuePublication(trx, {
        ...publication,
        id: idOf(900 + index),
        incidentId,
        asked: false,
        createdAt: minutesLater(minute),
      }),
    );
}

async function decided(minute: number, ...postings: Due[]) {
  return await store.db.transaction().execute((trx) =>
    withinNoise({ now: () => minutesLater(minute), commentsPerHour: 2 }, trx, incidentId, {
      postings,
      events: [updated(1)],
    }),
  );
}

describe('with two comments an hour that nobody asks for', () => {
  test('a second one is posted', async () => {
    await came(0);
    const { postings, events } = await decided(30, posting(1, false));
    expect(postings).toHaveLength(1);
    expect(events).toEqual([updated(1)]);
  });

  test('a third one is not, and the record says so', async () => {
    await came(0, 20);
    const { postings, events } = await decided(30, posting(1, false, 'checkpoint-unchanged'));
    expect(postings).toEqual([]);
    expect(events.map(({ body }) => body)).toEqual([{ kind: 'folded', update: 'checkpoint' }]);
  });

  test('one that comes when the first is an hour old is', async () => {
    await came(0, 20);
    expect((await decided(61, posting(1, false))).postings).toHaveLength(1);
  });

  test('what was asked for is always posted', async () => {
    await came(0, 20);
    const { postings } = await decided(30, posting(1, true), posting(2, false));
    expect(postings.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  test('one that is stored already is left to itself', async () => {
    await came(0, 20);
    expect((await decided(30, posting(900, false))).postings).toHaveLength(1);
  });
});
