import { createHmac, randomUUID } from 'node:crypto';
import type { Random } from '../faults/random.ts';
import type { RawRequest } from './raw-request.ts';

/** Deliveries that must have no effect: each is a sound one with one thing wrong, or several. */

/** A delivery that would be carried out. */
export interface SoundDelivery {
  event: string;
  payload: object;
  secret: string;
}

interface Draft {
  method: string;
  path: string;
  headers: Map<string, string | [string, string]>;
  body: Buffer;
  framing: RawRequest['framing'];
  secret: string;
  /** Null: of the body as it is sent. */
  signature: string | null;
}

type Attack = (draft: Draft, random: Random, sound: SoundDelivery) => void;

const algorithm = (name: string, secret: string, body: Buffer): string =>
  createHmac(name, secret).update(body).digest('hex');

const hostile = [
  'hunter2',
  '"} {"level":60',
  '\u0085\u0000'.replaceAll('\u0000', ''),
  '${jndi:ldap://x}',
  '%0d%0aset-cookie: a',
  '<script>',
  'é'.repeat(50),
  'x'.repeat(4_000),
];

/** JSON texts that fit nowhere in a payload. */
const misfits = [
  'null',
  '[]',
  '{}',
  '-1.5',
  'true',
  '1e308',
  '1e999',
  '9007199254740993',
  '""',
  '[[[]]]',
  '{"__proto__":1}',
];

const required: Record<string, string[]> = {
  issue_comment: ['comment', 'comment.id', 'comment.updated_at', 'comment.html_url', 'comment.body'],
  issues: ['issue.id', 'issue.updated_at'],
};
const ofBoth = [
  'action',
  'installation',
  'installation.id',
  'repository',
  'repository.id',
  'repository.name',
  'repository.full_name',
  'repository.private',
  'repository.owner',
  'repository.owner.login',
  'issue',
  'issue.number',
  'issue.title',
  'issue.state',
  'issue.html_url',
  'issue.created_at',
  'issue.comments',
  'issue.labels',
  'sender',
  'sender.login',
  'sender.type',
];

/** A payload whose field, by its path, is replaced by a JSON text; left out where that is null. */
function withField(payload: object, path: string, text: string | null): string {
  const mark = `"\u0001${path}\u0001"`;
  const put = (value: unknown, [name = '', ...rest]: string[]): unknown => {
    const entries = Object.entries(Object(value));
    return Object.fromEntries(
      entries.flatMap(([key, inner]): [string, unknown][] => {
        if (key !== name) return [[key, inner]];
        if (rest.length > 0) return [[key, put(inner, rest)]];
        return text === null ? [] : [[key, mark]];
      }),
    );
  };
  return JSON.stringify(put(payload, path.split('.'))).replace(JSON.stringify(mark), () => text ?? '');
}

/** Where a text stands, a number does not fit; a list of labels and a yes or no take neither. */
function misfitFor(path: string, random: Random): string | null {
  if (random.chance(0.2)) return null;
  const isNumber = /(?:\.id|\.number|\.comments)$/u.test(path);
  const isList = path.endsWith('.labels');
  const isObject = !path.includes('.') && path !== 'action';
  const isYesOrNo = path.endsWith('.private');
  const fits = (text: string): boolean =>
    (isNumber && text === '5') ||
    (isList && text === '[]') ||
    (isYesOrNo && text === 'true') ||
    (!isNumber && !isObject && !isList && text === '""');
  const text = random.pick([...misfits, '"\\ud800\\u0000"', '"x"', '5'].filter((one) => !fits(one)));
  const isText = !isNumber && !isList && !isObject && !isYesOrNo && !path.endsWith('_at');
  return isText && text.startsWith('"') ? '5' : text;
}

const attacks: Record<string, Attack> = {
  'no signature': ({ headers }) => void headers.delete('x-hub-signature-256'),
  'only the SHA-1 signature': ({ headers, body, secret }) => {
    headers.delete('x-hub-signature-256');
    headers.set('x-hub-signature', `sha1=${algorithm('sha1', secret, body)}`);
  },
  'signature cut off': (draft, random) => {
    draft.signature = `sha256=${algorithm('sha256', draft.secret, draft.body)}`.slice(0, random.below(70));
  },
  'signature of another algorithm': (draft, random) => {
    const name = random.pick(['sha1', 'sha512', 'md5', 'sha3-256']);
    draft.signature = `${random.pick(['sha256', name])}=${algorithm(name, draft.secret, draft.body)}`;
  },
  'signature with another secret': (draft, random) => {
    const secret = random.pick(['development', '', 'secret', draft.secret.slice(1), `${draft.secret} `]);
    draft.signature = `sha256=${algorithm('sha256', secret, draft.body)}`;
  },
  'signature with one digit changed': (draft, random) => {
    const digits = algorithm('sha256', draft.secret, draft.body);
    const at = random.below(digits.length);
    const other = digits[at] === 'a' ? 'b' : 'a';
    draft.signature = `sha256=${digits.slice(0, at)}${other}${digits.slice(at + 1)}`;
  },
  'signature of another body': (draft) => {
    draft.signature = `sha256=${algorithm('sha256', draft.secret, Buffer.from('{}'))}`;
  },
  'signature that is text': (draft, random) => {
    draft.signature = random.pick(hostile);
  },
  'two signatures': ({ headers, body, secret }, random) => {
    const sound = `sha256=${algorithm('sha256', secret, body)}`;
    const other = `sha256=${'0'.repeat(64)}`;
    headers.set('x-hub-signature-256', random.chance(0.5) ? [sound, other] : [other, sound]);
  },
  'a byte of the body changed': (draft, random) => {
    const signature = `sha256=${algorithm('sha256', draft.secret, draft.body)}`;
    const body = Buffer.from(draft.body);
    const at = random.below(body.length);
    body[at] = (body[at] ?? 0) ^ (1 + random.below(255));
    Object.assign(draft, { body, signature });
  },
  'another content type': ({ headers }, random) => {
    const types = [
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/jsonp',
      'application/json-seq',
      '',
    ];
    headers.set('content-type', random.pick(types));
  },
  'no content type': ({ headers }) => void headers.delete('content-type'),
  'a length above the limit': (draft, random) => {
    draft.headers.set('content-length', String(25 * 1024 * 1024 + 1 + random.below(1e9)));
    Object.assign(draft, { framing: 'none', body: Buffer.alloc(0) });
  },
  'a length that is too small': (draft, random) => {
    draft.headers.set('content-length', String(random.below(draft.body.length)));
    draft.framing = 'none';
    draft.signature = `sha256=${algorithm('sha256', draft.secret, draft.body)}`;
  },
  'a length that is none': (draft, random) => {
    draft.headers.set('content-length', random.pick(['-1', '1e3', 'many', '0x10', '5, 6']));
    draft.framing = 'none';
  },
  'a length beside chunks': (draft) => {
    draft.headers.set('content-length', String(draft.body.length));
    draft.framing = 'chunked';
  },
  'no length': (draft) => void (draft.framing = 'none'),
  'broken chunks': (draft, random) => {
    draft.headers.set('transfer-encoding', random.pick(['chunked', 'gzip, chunked', 'chunked, gzip']));
    draft.framing = 'none';
    draft.body = Buffer.from(random.pick(['zz\r\nabc', '5\r\nab\r\n0\r\n\r\n', `${'f'.repeat(20)}\r\n`]));
  },
  'JSON cut off': (draft, random) => {
    draft.body = draft.body.subarray(0, random.below(draft.body.length - 1));
  },
  'JSON with something behind it': (draft, random) => {
    draft.body = Buffer.concat([draft.body, Buffer.from(random.pick(['}', '{}', ',', '\u0000', 'null']))]);
  },
  'JSON of another kind': (draft, random) => {
    draft.body = Buffer.from(
      random.pick(['null', '5', '[]', '', '""', 'true', '{}', '[{}]', '-0', '1e999', ' ']),
    );
  },
  'JSON in a list': (draft) => {
    draft.body = Buffer.concat([Buffer.from('['), draft.body, Buffer.from(']')]);
  },
  'JSON that is nested deeply': (draft, random) => {
    const depth = 1 + random.below(50_000);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    draft.body = Buffer.from(`${open.repeat(depth)}0${random.chance(0.5) ? close.repeat(depth) : ''}`);
  },
  'no UTF-8': (draft, random) => {
    const bytes = Buffer.from(
      random.pick([[0xff], [0xfe, 0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf]]),
    );
    draft.body = Buffer.concat([bytes, draft.body]);
  },
  'a payload below __proto__': (draft, random) => {
    draft.body = Buffer.from(
      `{"${random.pick(['__proto__', 'constructor', 'toString'])}":${draft.body.toString()}}`,
    );
  },
  'a field that does not fit': (draft, random, { event, payload }) => {
    const path = random.pick([...ofBoth, ...(required[event] ?? [])]);
    draft.body = Buffer.from(withField(payload, path, misfitFor(path, random)));
  },
  'another event': ({ headers }, random, { event }) => {
    const other = event === 'issues' ? 'issue_comment' : 'issues';
    headers.set(
      'x-github-event',
      random.pick([other, other, 'push', 'ping', event.toUpperCase(), `${event}s`]),
    );
  },
  'two events': ({ headers }, random, { event }) => {
    headers.set('x-github-event', [event, random.pick(['issues', 'issue_comment', 'ping'])]);
  },
  'no event': ({ headers }) => void headers.delete('x-github-event'),
  'no GUID': ({ headers }) => void headers.delete('x-github-delivery'),
  'a GUID that is text': ({ headers }, random) => void headers.set('x-github-delivery', random.pick(hostile)),
  'the hook of another': ({ headers }, random) => {
    headers.set(
      'x-github-hook-installation-target-type',
      random.pick(['repository', 'organization', 'integration', '']),
    );
    headers.set('x-github-hook-installation-target-id', random.pick(['1', '0', '-1', ...hostile]));
  },
  'another method': (draft, random) => {
    draft.method = random.pick(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE']);
  },
  'another path': (draft, random) => {
    draft.path = random.pick([
      '/',
      '/api/github/webhooks/',
      '//api/github/webhooks',
      '/API/github/webhooks',
      '/api/github/webhooks%00',
      '/x?/api/github/webhooks',
      `/${'y'.repeat(4_000)}`,
      '/healthz',
    ]);
  },
  'long ago': (draft, random, { event, payload }) => {
    const at = new Date(Date.parse('2025-09-01T00:00:00Z') - random.below(1e11)).toISOString();
    const path = event === 'issues' ? 'issue.updated_at' : 'comment.updated_at';
    draft.body = Buffer.from(withField(payload, path, JSON.stringify(at)));
  },
};

/** Names of what may be wrong. */
export const attackNames: readonly string[] = Object.keys(attacks);

/** A sound delivery, to be altered or sent as it is. */
function draftOf({ event, payload, secret }: SoundDelivery): Draft {
  return {
    method: 'POST',
    path: '/api/github/webhooks',
    headers: new Map([
      ['content-type', 'application/json'],
      ['x-github-event', event],
      ['x-github-delivery', randomUUID()],
    ]),
    body: Buffer.from(JSON.stringify(payload)),
    framing: 'length',
    secret,
    signature: null,
  };
}

function finished(draft: Draft): RawRequest {
  const { method, path, headers, body, framing, secret, signature } = draft;
  if (headers.get('x-hub-signature-256') === undefined && !headers.has('unsigned'))
    headers.set('x-hub-signature-256', signature ?? `sha256=${algorithm('sha256', secret, body)}`);
  headers.delete('unsigned');
  const lines = [...headers].flatMap(([name, value]): [string, string][] =>
    (typeof value === 'string' ? [value] : value).map((one) => [name, one]),
  );
  return { method, path, headers: lines, body, framing };
}

/** The delivery as GitHub would send it. */
export function soundRequest(sound: SoundDelivery): RawRequest {
  return finished(draftOf(sound));
}

/** The same with something wrong; its body comes in chunks at times. */
export function refusedRequest(attack: string, random: Random, sound: SoundDelivery): RawRequest {
  const draft = draftOf(sound);
  if (random.chance(0.3)) draft.framing = 'chunked';
  if (attack.startsWith('no signature') || attack.startsWith('only the SHA-1'))
    draft.headers.set('unsigned', '');
  attacks[attack]?.(draft, random, sound);
  return finished(draft);
}
