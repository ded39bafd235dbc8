import { createHmac } from 'node:crypto';

/** What stands in a template for a number of its own in each delivery: as many digits, all in the same places. */
export const marks = { comment: '7777777777', issue: '88888' } as const;

const firstComment = 4_000_000_000;
const firstIssue = 10_000;
/** Deliveries go round so many issues. */
const issues = 1_000;
const signatureMark = 'f'.repeat(64);
const guidMark = '00000000-0000-4000-8000-ffffffffffff';

/**
 * A request whose bytes are laid out once: only the digits that differ are written anew for each delivery, into the
 * same memory, so that the load costs next to nothing beside the server. One request of it at a time.
 */
export interface RequestTemplate {
  /** Hexadecimal HMAC of delivery `serial`; the dear part, so it is made before the clock runs. */
  sign(serial: number): Buffer;
  /** The bytes of delivery `serial`; good until the next call. */
  bytes(serial: number, signature: Buffer): Buffer;
}

export function requestTemplate(body: string, secret: string, host: string): RequestTemplate {
  const head = [
    'POST /api/github/webhooks HTTP/1.1',
    `host: ${host}`,
    'accept: */*',
    'content-type: application/json',
    `content-length: ${String(Buffer.byteLength(body))}`,
    'user-agent: GitHub-Hookshot/8f0c2e1',
    `x-github-delivery: ${guidMark}`,
    'x-github-event: issue_comment',
    'x-github-hook-id: 498211007',
    'x-github-hook-installation-target-id: 1278300',
    'x-github-hook-installation-target-type: integration',
    `x-hub-signature-256: sha256=${signatureMark}`,
  ];
  const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  const bodyAt = request.indexOf('\r\n\r\n') + 4;
  const guidAt = request.indexOf(guidMark) + guidMark.length - 12;
  const signatureAt = request.indexOf(signatureMark);
  const comments = placesOf(request, marks.comment);
  const numbers = placesOf(request, marks.issue);

  function number(serial: number): void {
    const comment = String(firstComment + serial);
    const issue = String(firstIssue + (serial % issues));
    for (const place of comments) request.write(comment, place, 'latin1');
    for (const place of numbers) request.write(issue, place, 'latin1');
    request.write(String(serial).padStart(12, '0'), guidAt, 'latin1');
  }

  return {
    sign(serial) {
      number(serial);
      const hmac = createHmac('sha256', secret).update(request.subarray(bodyAt));
      return Buffer.from(hmac.digest('hex'), 'latin1');
    },
    bytes(serial, signature) {
      number(serial);
      signature.copy(request, signatureAt);
      return request;
    },
  };
}

function placesOf(bytes: Buffer, mark: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) places.push(at);
  return places;
}
