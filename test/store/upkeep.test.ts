import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordAudit } from '../../src/store/audit.ts';
import type { Store } from '../../src/store/open.ts';
import { open } from './engines.ts';
import { auditEntry } from './fixtures.ts';

describe('the upkeep of the embedded database', () => {
  let store: Store;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    store = await open('memory:');
  });
  afterEach(async () => {
    await store.close();
    vi.useRealTimers();
  });

  /** Where the write-ahead log was at the last checkpoint. */
  const checkpoint = async () =>
    (await store.run('select checkpoint_lsn::text as lsn from pg_control_checkpoint()')).rows;
  /** Others have their turns between those of the upkeep, so it is waited for. */
  const upkept = async (before: object[]) =>
    await vi.waitUntil(async () => JSON.stringify(await checkpoint()) !== JSON.stringify(before), {
      timeout: 20_000,
    });
  const change = async () => await recordAudit(store.db, auditEntry);

  it('checkpoints once a minute', async () => {
    const before = await checkpoint();
    await change();
    vi.advanceTimersByTime(59_999);
    expect(await checkpoint()).toEqual(before);
    vi.advanceTimersByTime(1);
    await upkept(before);
    expect(await checkpoint()).not.toEqual(before);
  });

  it('does nothing while nothing changes', async () => {
    const first = await checkpoint();
    await change();
    vi.advanceTimersByTime(60_000);
    await upkept(first);
    const before = await checkpoint();
    vi.advanceTimersByTime(60_000);
    // An upkeep would have had its turns between these: there are three of its.
    for (let turn = 0; turn < 5; turn++) expect(await checkpoint()).toEqual(before);
  });
});
