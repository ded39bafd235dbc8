import type { IncomingMessage } from 'node:http';

/** Why a body was not taken; what had been read of it is dropped. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly reason: 'too large' | 'too slow' | 'cut short';

  constructor(reason: BodyRefused['reason']) {
    super(`the body is ${reason}`);
    this.reason = reason;
  }
}

/** What a body may take. */
export interface BodyLimits {
  bytes: number;
  milliseconds: number;
}

/**
 * Reads a request's body. Throws BodyRefused where it goes over `limits`, before more is held in memory: a length
 * announced above the limit is refused without reading. So it does where the connection ends before the body.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes)
    return Promise.reject(new BodyRefused('too large'));
  // By events: reading a stream with `for await` costs more than all the rest of a delivery that is not for us.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => refuse('too slow'), limits.milliseconds);

    function refuse(reason: BodyRefused['reason']): void {
      clearTimeout(timer);
      chunks.length = 0;
      request.off('data', take).resume();
      reject(new BodyRefused(reason));
    }

    function take(chunk: Buffer): void {
      size += chunk.length;
      if (size > limits.bytes) return refuse('too large');
      chunks.push(chunk);
    }

    request.on('data', take);
    request.once('error', () => refuse('cut short'));
    request.once('end', () => {
      clearTimeout(timer);
      const [first] = chunks;
      resolve(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, size));
    });
  });
}
