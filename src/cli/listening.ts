import { InputError } from './io.ts';

const faults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'this user may not listen on the port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/** Waits for what begins to listen. @throws InputError with the remedy, where the address cannot be had. */
export async function listening<Server>(started: Promise<Server>, remedy: string): Promise<Server> {
  try {
    return await started;
  } catch (error) {
    const fault =
      error instanceof Error && 'syscall' in error && 'code' in error
        ? faults[String(error.code)]
        : undefined;
    if (fault === undefined || !(error instanceof Error)) throw error;
    throw new InputError(`${fault} (${error.message}); ${remedy}`, { cause: error });
  }
}
