import { vi } from 'vitest';

// What stands on the database finds it running already. It is the same thread as ever, with one that was closed in it.
vi.mock('../../src/store/embedded.thread.ts', async (importOriginal) => {
  const thread = await importOriginal<typeof import('../../src/store/embedded.thread.ts')>();
  const { keepThreads } = await import('./threads.ts');
  return { ...thread, startThread: keepThreads(thread.startThread) };
});
