import type { Writable } from 'node:stream';

/** A stream of the process as the command line writes to it. */
export interface OutputStream {
  write(text: string): void;
  /** Resolves when all that was written has left the process; gives why some of it has not, or null. */
  flushed(): Promise<Error | null>;
}

/**
 * Writes to a stream of the process. A reader that has gone, as `head` goes, has had enough: that is no fault, and the
 * work goes on without it, so that an update is still posted. Every other failure is given by `flushed`.
 */
export function outputTo(stream: Writable): OutputStream {
  let failure: Error | null = null;
  let isOpen = true;
  const note = (error: Error | null | undefined) => {
    if (error === null || error === undefined) return;
    isOpen = false;
    if (!isBrokenPipe(error)) failure ??= error;
  };
  stream.on('error', note);
  return {
    write(text) {
      if (isOpen) stream.write(text, note);
    },
    flushed: () =>
      new Promise((resolve) => {
        stream.write('', (error) => {
          note(error);
          resolve(failure);
        });
      }),
  };
}

function isBrokenPipe(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
