import type { IncomingMessage } from 'node:http';

/** Why a body was not taken; what had been read of it is dropped. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly reason: 'too large' | 'too slow' | 'cut short' | 'too much at once';

  constructor(reason: BodyRefused['reason']) {
    super(reason === 'too much at once' ? 'too much is being sent at once' : `the body is ${reason}`);
    this.reason = reason;
  }
}

/** What bodies may take. */
export interface BodyLimits {
  /** Of one body. */
  bytes: number;
  /** Held in memory of one body; what is larger is hashed and dropped. */
  heldBytes: number;
  /** Held in memory of all bodies that are being read: who sends them is not known yet. */
  heldTogetherBytes: number;
  /** From the headers to the end of the body. */
  milliseconds: number;
}

/**
 * Reads a request's body: its pieces, or null where it was larger than what is held. Each piece goes to `hash` first.
 *
 * @throws BodyRefused where the body goes over a limit, or the connection ends before it
 */
export type BodyReader = (
  request: IncomingMessage,
  hash: (piece: Buffer) => void,
) => Promise<Buffer[] | null>;

interface Reading {
  held: number;
  refuse(reason: BodyRefused['reason']): void;
}

/**
 * A reader for many requests at once. A length announced above the limit is refused without reading. Where all bodies
 * together hold too much, the one that holds most is refused: a real delivery is a small one.
 */
export function createBodyReader(limits: BodyLimits): BodyReader {
  const underWay = new Set<Reading>();
  let heldTogether = 0;

  function hold(reading: Reading, bytes: number): void {
    heldTogether += bytes - reading.held;
    reading.held = bytes;
    if (heldTogether <= limits.heldTogetherBytes) return;
    let most = reading;
    for (const other of underWay) if (other.held > most.held) most = other;
    most.refuse('too much at once');
  }

  return (request, hash) => {
    if (Number(request.headers['content-length'] ?? 0) > limits.bytes)
      return Promise.reject(new BodyRefused('too large'));
    // By events: reading a stream with `for await` costs more than all the rest of a delivery that is not for us.
    return new Promise((resolve, reject) => {
      let pieces: Buffer[] | null = [];
      let size = 0;
      const timer = setTimeout(() => refuse('too slow'), limits.milliseconds);
      const reading: Reading = { held: 0, refuse };
      underWay.add(reading);

      function end(): void {
        clearTimeout(timer);
        underWay.delete(reading);
        heldTogether -= reading.held;
        request.off('data', take).off('end', done).off('error', cut);
      }

      function refuse(reason: BodyRefused['reason']): void {
        end();
        pieces?.forEach(free);
        pieces = null;
        request.on('error', () => undefined); // said already
        reject(new BodyRefused(reason));
      }

      function take(piece: Buffer): void {
        size += piece.length;
        if (size > limits.bytes) return refuse('too large');
        hash(piece);
        if (size > limits.heldBytes) {
          pieces?.forEach(free);
          pieces = null;
          free(piece);
        } else pieces?.push(piece);
        hold(reading, pieces === null ? 0 : size);
      }

      function done(): void {
        end();
        resolve(pieces);
      }

      function cut(): void {
        refuse('cut short');
      }

      request.on('data', take).once('end', done).once('error', cut);
    });
  };
}

/** Reads the rest of a body that nobody wants, so that whoever sends it comes to hear the answer. */
export function discard(request: IncomingMessage): void {
  request.on('error', () => undefined).on('data', free);
}

/**
 * Gives the memory of a piece back at once: left to the garbage collector, 30 MB of an upload pile up before it runs. The
 * piece is empty then.
 */
export function free({ buffer, byteLength }: Buffer): void {
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  if (isAlone && !buffer.detached) buffer.transfer(0);
}
