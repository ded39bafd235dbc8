import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Server } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProbe } from '../../src/collectors/probe.ts';
import { routeTo } from '../../src/collectors/probe-route.ts';
import { isPublicAddress } from '../../src/collectors/public-address.ts';
import { createSocketProbe } from '../../src/collectors/websocket-probe.ts';
import { atAddress } from '../../src/config/probe-grant.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { closeServers, listening } from '../collectors/endpoints.ts';
import { watchAttempts, type Attempts } from './attempts.ts';
import { answering, grantsOf, probeAll, snapshotOf } from './probing.ts';
import { spellings } from './spellings.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

/** Which addresses probes can be led to: those that are granted and no other, however it is tried. */

/** What listens where nobody may ask; counts who came. */
interface Forbidden {
  port: number;
  hits: () => number;
}

let attempts: Attempts;
let forbidden: Forbidden;

beforeEach(async () => {
  let came = 0;
  const server = createTcpServer((socket) => {
    came += 1;
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 200 OK\r\nmetadata-flavor: Google\r\ncontent-length: 5\r\n\r\ntoken');
  });
  forbidden = { port: await listening(server), hits: () => came };
  attempts = watchAttempts();
});

afterEach(() => {
  attempts.end();
  closeServers();
});

/** As generous as a policy can be without an address, at the usual ports and at this one. */
function generous(port: number): string[] {
  const names = [
    '*.example.com',
    '*.google.internal',
    '*.ec2.internal',
    '*.nip.io',
    'metadata.example',
    'localhost',
  ];
  return [...names, ...names.map((name) => `${name}:${String(port)}`)];
}

const metadata = '169.254.169.254';

/** Each target with the port that something would answer at. */
const targets = (): [address: string, port: number][] => [
  ['127.0.0.1', forbidden.port],
  [metadata, 80],
];

const schemes = [
  ['http', 'http:'],
  ['websocket', 'ws:'],
] as const;

test('what listens there is reached where its address is granted', async () => {
  const url = `http://127.0.0.1:${String(forbidden.port)}/`;
  const { snapshot, errors } = await probeAll({ it: { type: 'http', url, samples: 1 } }, [
    `127.0.0.1:${String(forbidden.port)}`,
  ]);
  expect(errors).toEqual([]);
  expect(snapshot.gaps).toEqual([]);
  expect([forbidden.hits(), attempts.addresses()]).toEqual([1, [`127.0.0.1:${String(forbidden.port)}`]]);
});

describe.each(schemes)('a spelling of an address that nobody granted, for %s', (type, scheme) => {
  test('at least 60 are tried', () => {
    expect(spellings(metadata, 80).length).toBeGreaterThanOrEqual(60);
  });

  test('from the file on: an error or a gap, and no connection', async () => {
    for (const [address, port] of targets()) {
      const rows = spellings(address, port);
      const components = Object.fromEntries(
        rows.map(([, rest], index) => [`c${String(index)}`, { type, url: `${scheme}${rest}` }]),
      );
      const { errors, snapshot } = await probeAll(components, generous(port), {
        resolve: () => Promise.resolve(answering(address)),
      });
      const told = rows.map(([name], index) => {
        const id = `c${String(index)}`;
        const isWrong = errors.some(
          ({ path }) => path === `components.${id}` || path.startsWith(`components.${id}.`),
        );
        const isRefused = snapshot.gaps.some(
          ({ component, reason }) => component === id && reason === 'not-granted',
        );
        const isSeen = snapshot.observations.some(({ component }) => component === id);
        return { name, told: isWrong || isRefused, isSeen };
      });
      expect(told).toEqual(rows.map(([name]) => ({ name, told: true, isSeen: false })));
      report(`spellings of ${address}, ${type}`, { tried: rows.length, reached: forbidden.hits() });
    }
    expect([attempts.addresses(), forbidden.hits()]).toEqual([[], 0]);
  });

  test('with a schema that lets all of them through: refused by the grant', async () => {
    const bare = repositorySchema.parse({ version: 1 });
    const component = repositorySchema.parse({
      version: 1,
      components: { it: { type, url: `${scheme}//x.example.com/` } },
    }).components['it'];
    for (const [address, port] of targets()) {
      const urls = spellings(address, port).flatMap(([, rest]) => URL.parse(`${scheme}${rest}`)?.href ?? []);
      const components = Object.fromEntries(
        urls.map((url, index) => [`c${String(index)}`, Object.assign({}, component, { url })]),
      );
      const snapshot = await snapshotOf({ ...bare, components }, generous(port), {
        resolve: () => Promise.resolve(answering(address)),
      });
      expect(urls.length).toBeGreaterThanOrEqual(60);
      expect(snapshot.observations).toEqual([]);
      expect(new Set(snapshot.gaps.map(({ reason }) => reason))).toEqual(new Set(['not-granted']));
      expect(new Set(snapshot.gaps.map((gap) => gap.component)).size).toBe(urls.length);
    }
    expect([attempts.addresses(), forbidden.hits()]).toEqual([[], 0]);
  });

  test('with a policy that grants every name: refused by the address', async () => {
    for (const [address, port] of targets()) {
      const resolve = () => Promise.resolve(answering(address));
      const call = { signal: AbortSignal.timeout(5_000), addressGranted: () => false };
      const ask = (url: string): Promise<unknown> =>
        type === 'http'
          ? createProbe({ resolve })(url, call)
          : createSocketProbe({ resolve })(url, { ...call, withinMs: 100 });
      const ends = await Promise.all(
        spellings(address, port).map(async ([name, rest]) =>
          ask(`${scheme}${rest}`).then(
            () => `${name} was answered`,
            () => null,
          ),
        ),
      );
      expect(ends.filter((end) => end !== null)).toEqual([]);
    }
    expect([attempts.addresses(), forbidden.hits()]).toEqual([[], 0]);
  });
});

describe('what DNS answers for a granted name', () => {
  const good = '93.184.215.14';
  const cases: [name: string, addresses: string[]][] = [
    ['a private address', ['10.0.0.7']],
    ['loopback', ['127.0.0.1']],
    ['metadata', [metadata]],
    ['metadata as IPv6', [`::ffff:${metadata}`]],
    ['metadata through NAT64', ['64:ff9b::a9fe:a9fe']],
    ['metadata through 6to4', ['2002:a9fe:a9fe::1']],
    ['metadata of AWS as IPv6', ['fd00:ec2::254']],
    ['a link-local address with a zone', ['fe80::1%lo']],
    ['a good one before a bad one', [good, metadata]],
    ['a bad one before a good one', [metadata, good]],
    ['a good A and a bad AAAA', [good, '::1']],
    ['a good AAAA and a bad A', ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', '127.0.0.1']],
    ['a good one among many', [good, good, good, '192.168.0.1', good]],
    ['no address at all', ['not-an-address']],
    ['a number', ['2130706433']],
    ['an address with a zero before it', ['0127.0.0.1']],
  ];
  test.each(cases)('%s: no connection, to none of them', async (_name, addresses) => {
    for (const [type, scheme] of schemes) {
      const { errors, snapshot } = await probeAll(
        { it: { type, url: `${scheme}//www.example.com:${String(forbidden.port)}/` } },
        generous(forbidden.port),
        { resolve: () => Promise.resolve(answering(...addresses)) },
      );
      expect(errors).toEqual([]);
      expect(snapshot.observations).toEqual([]);
      expect(snapshot.gaps.map(({ reason }) => reason)).toEqual(['not-granted']);
      expect(JSON.stringify(snapshot.gaps)).not.toContain(addresses.at(-1));
    }
    expect([attempts.addresses(), forbidden.hits()]).toEqual([[], 0]);
  });

  test('a name that leads to another name is judged by the addresses at its end', async () => {
    const names: Record<string, string> = {
      'www.example.com': 'cdn.example.net',
      'cdn.example.net': 'vm.example.org',
    };
    const end = (name: string): string => (names[name] === undefined ? name : end(names[name]));
    const resolve = (name: string) =>
      Promise.resolve(answering(end(name) === 'vm.example.org' ? metadata : '93.184.215.14'));
    const { snapshot } = await probeAll(
      { it: { type: 'http', url: 'http://www.example.com/' } },
      ['www.example.com'],
      { resolve },
    );
    expect(snapshot.gaps.map(({ reason }) => reason)).toEqual(['not-granted']);
    expect(attempts.addresses()).toEqual([]);
  });

  test('metadata is refused even where the policy were to list its address', async () => {
    const call = { signal: AbortSignal.timeout(5_000), addressGranted: () => true };
    const probe = createProbe({ resolve: () => Promise.resolve(answering(metadata)) });
    for (const url of [`http://${metadata}/`, 'http://[::ffff:a9fe:a9fe]/', 'http://www.example.com/'])
      await expect(probe(url, call)).rejects.toMatchObject({ reason: 'not-granted' });
    expect(attempts.addresses()).toEqual([]);
  });
});

/** A server at this address that counts who came. */
async function counted(host: string, port: number): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server: Server = createServer((_request, response) => {
    hits += 1;
    response.end('here');
  });
  server.on('upgrade', (_request, socket) => {
    hits += 1;
    socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
  });
  return { port: await listening(server, host, port), hits: () => hits };
}

/** The same port at a granted loopback address and at one that is not, each with a server that counts. */
async function neighbours(): Promise<{ port: number; granted: () => number; other: () => number }> {
  const granted = await counted('127.0.0.1', 0);
  const other = await counted('127.0.0.2', granted.port);
  return { port: granted.port, granted: granted.hits, other: other.hits };
}

const leadingTo = (address: string) => ({ resolve: () => Promise.resolve(answering(address)) });

describe('a name that changes', () => {
  test.each(schemes)('is connected to where it was judged, and nowhere else: %s', async (type, scheme) => {
    const { port, granted, other } = await neighbours();
    const hosts = [`127.0.0.1:${String(port)}`, `www.example.com:${String(port)}`];
    const asked: string[] = [];
    // Good when it is looked at first, bad from then on: what asked twice would be led astray.
    const resolve = (name: string) => {
      asked.push(name);
      return Promise.resolve(answering(asked.length % 2 === 1 ? '127.0.0.1' : '127.0.0.2'));
    };
    const samples = type === 'http' ? { samples: 1 } : {};
    const url = `${scheme}//www.example.com:${String(port)}/`;
    const { snapshot } = await probeAll({ it: { type, url, ...samples } }, hosts, { resolve });
    expect(snapshot.gaps).toEqual([]);
    expect([granted(), other(), asked.length]).toEqual([1, 0, 1]);
    expect(attempts.addresses()).toEqual([`127.0.0.1:${String(port)}`]);
  });

  test('is judged at each sample, and refused from the one on that is bad', async () => {
    const { port, granted, other } = await neighbours();
    const hosts = [`127.0.0.1:${String(port)}`, `www.example.com:${String(port)}`];
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.1', '127.0.0.2', '127.0.0.2'];
    const resolve = () => Promise.resolve(answering(answers.shift() ?? '127.0.0.2'));
    const { snapshot } = await probeAll(
      { it: { type: 'http', url: `http://www.example.com:${String(port)}/`, samples: 5 } },
      hosts,
      { resolve },
    );
    expect(snapshot.gaps.map(({ reason }) => reason)).toEqual(['not-granted']);
    expect([granted(), other()]).toEqual([2, 0]);
  });

  test('is judged anew by the next collection', async () => {
    const { port, granted, other } = await neighbours();
    const hosts = [`127.0.0.1:${String(port)}`, `www.example.com:${String(port)}`];
    const component = { it: { type: 'http', url: `http://www.example.com:${String(port)}/`, samples: 1 } };
    expect((await probeAll(component, hosts, leadingTo('127.0.0.1'))).snapshot.gaps).toEqual([]);
    const { gaps } = (await probeAll(component, hosts, leadingTo('127.0.0.2'))).snapshot;
    expect(gaps.map(({ reason }) => reason)).toEqual(['not-granted']);
    expect([granted(), other()]).toEqual([1, 0]);
  });

  test('an address is granted at the port and the scheme that are listed, and at no other', async () => {
    const { port, granted } = await neighbours();
    const url = `http://www.example.com:${String(port)}/`;
    for (const address of ['127.0.0.1', '127.0.0.1:1', `https://127.0.0.1:${String(port)}`]) {
      const { snapshot } = await probeAll(
        { it: { type: 'http', url } },
        [address, `www.example.com:${String(port)}`],
        leadingTo('127.0.0.1'),
      );
      expect(snapshot.gaps.map(({ reason }) => reason)).toEqual(['not-granted']);
    }
    expect(granted()).toBe(0);
  });
});

/** IANA's special-purpose registries that are not globally reachable, and what leads into IPv4, written down once more. */
const notPublic = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '168.63.129.16/32 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32',
  '2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8',
]
  .join(' ')
  .split(' ');

const groups = (text: string): bigint[] =>
  text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`));

/** Bits of an address, as one number and their count: an oracle of its own. */
function bitsOf(address: string): { bits: bigint; length: 32 | 128 } {
  if (!address.includes(':'))
    return {
      bits: BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)),
      length: 32,
    };
  const [head = '', tail] = address.split('::');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const middle = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return {
    bits: [...before, ...middle, ...after].reduce((sum, group) => sum * 65_536n + group, 0n),
    length: 128,
  };
}

function isIn(address: string, range: string): boolean {
  const [network = '', prefix = ''] = range.split('/');
  const [one, other] = [bitsOf(address), bitsOf(network)];
  const shift = BigInt(one.length - Number(prefix));
  return one.length === other.length && one.bits >> shift === other.bits >> shift;
}

function addressOf(bits: bigint, length: 32 | 128): string {
  if (length === 32) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');
  return Array.from({ length: 8 }, (_, index) =>
    ((bits >> BigInt(112 - 16 * index)) & 65_535n).toString(16),
  ).join(':');
}

describe('the special-use ranges', () => {
  test.each(notPublic)('%s is not public, from its first address to its last', (range) => {
    const [network = '', prefix = ''] = range.split('/');
    const { bits, length } = bitsOf(network);
    const size = 1n << BigInt(length - Number(prefix));
    for (const one of [bits, bits + size / 2n, bits + size - 1n])
      expect([addressOf(one, length), isPublicAddress(addressOf(one, length))]).toEqual([
        addressOf(one, length),
        false,
      ]);
  });

  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.98.255',
    '192.175.48.1',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '::ffff:1.1.1.1',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '2a00:1450::1',
    '2620:4f:8000::1',
    '3ffe:ffff::1',
  ])('%s beside them is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test('no IPv6 address outside the global unicast range is public, and no text that is no address', () => {
    for (const text of [
      '4000::1',
      'c000::1',
      '1::1',
      '',
      'example.com',
      '1.1.1',
      '0x1.1.1.1',
      '1.1.1.1.',
      '2a00::1%1',
    ])
      expect([text, isPublicAddress(text)]).toEqual([text, false]);
  });
});

test(
  'property: a probe that is granted is led to nothing but public and literally granted addresses',
  { timeout: timeLimit(600_000) },
  async () => {
    let [accepted, led] = [0, 0];
    const near = fc.constantFrom(...notPublic).chain((range) => {
      const [network = '', prefix = ''] = range.split('/');
      const { bits, length } = bitsOf(network);
      const host = BigInt(length - Number(prefix));
      return fc
        .bigInt({ min: -2n, max: (1n << host) + 1n })
        .map((offset) => addressOf((bits + offset) & ((1n << BigInt(length)) - 1n), length));
    });
    const address = fc.oneof(
      near,
      fc.ipV4(),
      fc.ipV6().map((one) => URL.parse(`http://[${one}]/`)?.hostname.slice(1, -1) ?? '::1'),
    );
    const host = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('www.example.com', 'a.b.example.com', 'evil.com') },
      { weight: 1, arbitrary: fc.constantFrom('example.com', 'metadata.google.internal', 'localhost') },
      { weight: 1, arbitrary: address.map(inUrl) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.ipV4(), fc.nat(40))
          .map(([one, which]) => spellings(one, 1)[which]?.[1].slice(2, -':1/'.length) ?? one),
      },
    );
    const listed = near.filter(grantable);
    const names = fc.subarray([
      '*.example.com',
      '*.google.internal',
      'www.example.com',
      'https://*.example.com',
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('http:', 'https:', 'ws:', 'wss:'),
        host,
        fc.constantFrom('', '', '', ':8443', ':80'),
        names,
        fc.array(listed, { maxLength: 2 }),
        fc.array(fc.oneof(address, fc.ipV4()), { minLength: 1, maxLength: 2 }),
        fc.nat(4),
        async (scheme, any, port, wildcards, literal, answers, turn) => {
          // Now and then what is listed is also what is asked, or what DNS answers.
          const [own] = literal;
          const name = turn === 0 && own !== undefined ? inUrl(own) : any;
          const addresses = turn === 1 && own !== undefined ? [own, ...answers] : answers;
          const url = URL.parse(`${scheme}//${name}${port}/`);
          const grants = grantsOf([...wildcards, ...literal]);
          if (url === null || !grants.endpoint(url)) return;
          accepted += 1;
          const asked = (one: string, from: URL): boolean => {
            const at = atAddress(from, one);
            return at !== null && grants.endpoint(at);
          };
          for (const one of await connectedTo(url, addresses, asked)) {
            led += 1;
            const isListed = literal.some((known) => isSame(known, one));
            expect([one, isListed || !notPublic.some((range) => isIn(unmapped(one), range))]).toEqual([
              one,
              true,
            ]);
          }
        },
      ),
      { seed: seed(), numRuns: trials({ bounded: 1_500, full: 200_000 }) },
    );
    expect(accepted).toBeGreaterThan(100);
    expect(led).toBeGreaterThan(20);
    report('grants and addresses', { accepted, led });
  },
);

function inUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function grantable(address: string): boolean {
  try {
    grantsOf([address]);
    return true;
  } catch {
    return false;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [bitsOf(unmapped(one)), bitsOf(unmapped(other))];
  return a.length === b.length && a.bits === b.bits;
}

function unmapped(address: string): string {
  const { bits, length } = bitsOf(address);
  return length === 128 && bits >> 32n === 65_535n ? addressOf(bits & 0xff_ff_ff_ffn, 32) : address;
}

/** The addresses that the route of a URL leads to; none where it is refused. */
async function connectedTo(
  url: URL,
  addresses: readonly string[],
  addressGranted: (address: string, asked: URL) => boolean,
): Promise<string[]> {
  const resolve = () => Promise.resolve(answering(...addresses));
  try {
    const { connection } = await routeTo(url, { resolve }, addressGranted);
    if (/^[\d.]+$|:/.test(connection.host)) return [connection.host];
    const { promise, resolve: give, reject } = Promise.withResolvers<string[]>();
    connection.lookup?.(connection.host, { all: true }, (error, found) => {
      if (error) reject(error);
      else give(Array.isArray(found) ? found.map(({ address }) => address) : [found]);
    });
    return await promise;
  } catch {
    return [];
  }
}
