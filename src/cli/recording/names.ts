import { ordinaryWord, type Alias } from './renamer.ts';
import { textsOf, type Place } from './json-strings.ts';

/** Finds the names in a recording by which a company or a person would be known, and gives each an alias. */

/** Kinds of names in the order in which a name that is of two kinds gets its alias. */
const kinds = [
  'project',
  'number',
  'service',
  'revision',
  'connector',
  'instance',
  'secret',
  'bucket',
  'network',
  'backend',
  'certificate',
  'account',
  'database',
  'resource',
  'address',
  'e-mail',
  'host',
  'domain',
  'owner',
  'person',
  'team',
  'name',
] as const;
type Kind = (typeof kinds)[number];

/** Collections of resource names, `projects/NAME`. */
const collections: Readonly<Record<string, Kind>> = {
  projects: 'project',
  services: 'service',
  revisions: 'revision',
  connectors: 'connector',
  instances: 'instance',
  secrets: 'secret',
  b: 'bucket',
  buckets: 'bucket',
  networks: 'network',
  subnetworks: 'network',
  backendServices: 'backend',
  backendBuckets: 'backend',
  urlMaps: 'backend',
  networkEndpointGroups: 'backend',
  instanceGroups: 'backend',
  forwardingRules: 'backend',
  targetHttpsProxies: 'backend',
  sslCertificates: 'certificate',
  serviceAccounts: 'account',
  databases: 'database',
  repositories: 'resource',
  jobs: 'resource',
  topics: 'resource',
  subscriptions: 'resource',
  clusters: 'resource',
  keyRings: 'resource',
  cryptoKeys: 'resource',
  triggers: 'resource',
};

/** Fields of the configuration, and labels and fields of answers, that hold a name. */
const fields: Readonly<Record<string, Kind>> = {
  project: 'project',
  project_id: 'project',
  targetProject: 'project',
  service: 'service',
  service_name: 'service',
  configuration_name: 'service',
  revision_name: 'revision',
  revision: 'revision',
  latestReadyRevision: 'revision',
  latestCreatedRevision: 'revision',
  connector_name: 'connector',
  instance: 'instance',
  targetId: 'instance',
  database_id: 'instance',
  database: 'database',
  backend_service: 'backend',
  backend_name: 'backend',
  backend_service_name: 'backend',
  backend_target_name: 'backend',
  forwarding_rule_name: 'backend',
  url_map_name: 'backend',
  target_proxy_name: 'backend',
  bucket: 'bucket',
  bucket_name: 'bucket',
  certificates: 'certificate',
  login: 'person',
  assign: 'person',
};

/** Names that everybody has. */
const common = new Set(
  [
    'default postgres template0 template1 cloudsqladmin global system latest main master cloud run',
    'localhost example test staging production google github gitlab',
  ].flatMap((words) => words.split(' ')),
);

const resourceName = /(?:^|\/)([A-Za-z]+)\/([A-Za-z0-9][\w.:-]*)/g;
const eMail = /(?<![\w.+-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.)+[a-z]{2,63})(?![\w-])/gi;
const hostOfUrl =
  /\b[a-z][a-z0-9+.-]{0,30}:\/\/(?:[^\s/@"'<>]{0,500}@)?((?:[\w-]{1,63}\.)+[a-z]{2,63})(?![\w-])/gi;
const onGitHub = /github\.com\/(?:repos\/)?([\w-]{1,39})\/([\w.-]{1,100})/g;
const ipv4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g;
const ipv6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])/gi;
/** Hosts of platforms: nobody is known by them. */
const platform =
  /(?:^|\.)(?:googleapis\.com|google\.com|googleusercontent\.com|gcr\.io|pkg\.dev|github\.com|docker\.io|iana\.org)$/i;

/**
 * The aliases of all names in the configuration and in what was recorded. The aliases of a kind are in the order of the
 * names, and in letters: what is sorted by name stays in its order, and log lines that differ by a name still differ
 * where digits are masked.
 */
export function aliasesFor(configuration: unknown, recorded: readonly unknown[]): Alias[] {
  const names = new Map<string, Kind>();
  const add = (kind: Kind, name: string) => {
    const known = names.get(name);
    if (name.length < 2 || common.has(name.toLowerCase())) return;
    if (known === undefined || kinds.indexOf(kind) < kinds.indexOf(known)) names.set(name, kind);
  };
  addFromConfiguration(configuration, add);
  for (const value of [configuration, ...recorded]) {
    for (const [text, place] of textsOf(value)) addFromText(text, place, add);
    addPeople(value, add);
  }
  addBareHosts([configuration, ...recorded], names, add);
  return named(names);
}

type Add = (kind: Kind, name: string) => void;

/** What the fields of components, contacts and endpoints name. */
function addFromConfiguration(configuration: unknown, add: Add): void {
  for (const component of objectsOf(configuration)) {
    const { type, name, mention, role } = component;
    if (typeof name === 'string' && type === 'vpc-connector') add('connector', name);
    else if (typeof name === 'string' && type === 'secret') add('secret', name);
    else if (typeof name === 'string' && (mention !== undefined || role !== undefined)) add('team', name);
    if (typeof mention === 'string') addMention(mention, add);
    if (typeof component['url'] !== 'string') continue;
    const host = URL.parse(component['url'])?.hostname ?? '';
    const label = registrable(host).split('.')[0] ?? '';
    // The name of the company, most of the time; it then stands in other names too.
    if (host.includes('.') && !/^[\d.]+$/.test(host) && label.length > 3 && !platform.test(host)) {
      add('name', label);
    }
  }
}

/** `@owner/team`, or `@person`; a team that is called by an ordinary word tells nothing. */
function addMention(mention: string, add: Add): void {
  const [owner = '', team] = mention.replace('@', '').split('/');
  add(team === undefined ? 'person' : 'owner', owner);
  if (team !== undefined && !/^[a-z]+$/.test(team)) add('team', team);
}

function addFromText(text: string, { key, named: pair }: Place, add: Add): void {
  const kind = fields[pair ?? key ?? ''];
  if (kind !== undefined && /^[\w.:-]{2,100}$/.test(text) && !platform.test(text)) {
    for (const part of text.split(':')) add(kind === 'instance' && part !== text ? 'resource' : kind, part);
  }
  for (const [, collection = '', name = ''] of text.matchAll(resourceName)) {
    const of = collections[collection];
    if (of === undefined || platform.test(name)) continue;
    if (of === 'project' && /^\d+$/.test(name)) add('number', name);
    else if (!name.includes('@')) add(of, name);
  }
  for (const [whole, local = '', domain = ''] of text.matchAll(eMail)) addAddress(whole, local, domain, add);
  for (const [, host = ''] of text.matchAll(hostOfUrl)) addHost(host, add);
  for (const [, owner = '', repository = ''] of text.matchAll(onGitHub)) {
    add('owner', owner);
    add('resource', repository);
  }
  for (const [ip] of text.matchAll(ipv4)) if (!/^(?:127|0)\./.test(ip)) add('address', ip);
  for (const [ip] of text.matchAll(ipv6))
    if (!/^[\d:]+$/.test(ip) || ip.split(':').length > 3) add('address', ip);
}

/** An identity of Google Cloud stays one; of a person nothing stays. */
function addAddress(whole: string, local: string, domain: string, add: Add): void {
  if (!domain.endsWith('gserviceaccount.com')) {
    add('e-mail', whole);
    addHost(domain, add);
  } else if (/^\d+-compute$/.test(local)) {
    add('number', local.replace('-compute', ''));
  } else if (!/^service-\d+$/.test(local)) {
    add('account', local);
  } else {
    add('number', local.replace('service-', ''));
  }
  const project = /^([a-z][a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(domain)?.[1];
  if (project !== undefined && !project.startsWith('gcp-sa-')) add('project', project);
}

function addHost(host: string, add: Add): void {
  if (platform.test(host) || common.has(host)) return;
  const domain = registrable(host);
  if (!host.endsWith('.run.app')) add('domain', domain);
  if (host !== domain) add('host', host);
}

/** Hosts that stand alone, as in lines of logs: known by the domain that they are of. */
function addBareHosts(values: readonly unknown[], names: ReadonlyMap<string, Kind>, add: Add): void {
  const domains = [...names].filter(([, kind]) => kind === 'domain').map(([name]) => name.toLowerCase());
  for (const [text] of values.flatMap((value) => [...textsOf(value)])) {
    if (!domains.some((domain) => text.toLowerCase().includes(`.${domain}`))) continue;
    for (const [host] of text.matchAll(/(?<![\w.-])(?:[\w-]{1,63}\.){2,}[a-z]{2,63}(?![\w-])/gi)) {
      if (domains.some((domain) => host.toLowerCase().endsWith(`.${domain}`))) add('host', host);
    }
  }
}

/** The part of a host that somebody has registered: the last two labels, three below `co.uk` and the like. */
function registrable(host: string): string {
  const labels = host.split('.');
  const second = labels.at(-2) ?? '';
  const deep =
    labels.length > 2 && (labels.at(-1) ?? '').length === 2 && /^(?:com?|org|net|gov|ac|edu)$/.test(second);
  return labels.slice(deep ? -3 : -2).join('.');
}

/** People, as GitHub and git have them: `{ login }`, and `{ name, email }`. */
function addPeople(value: unknown, add: Add): void {
  for (const { name, email, login } of objectsOf(value)) {
    const isPerson = typeof email === 'string' || typeof login === 'string';
    if (typeof name === 'string' && isPerson) add('person', name);
  }
}

function* objectsOf(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield Object.fromEntries(Object.entries(value));
  for (const inner of Object.values(value)) yield* objectsOf(inner);
}

function named(names: ReadonlyMap<string, Kind>): Alias[] {
  const taken = new Set([...names.keys()].map((name) => name.toLowerCase()));
  const aliases: Alias[] = [];
  for (const kind of kinds) {
    const own = [...names].filter(([, of]) => of === kind).map(([name]) => name);
    if (kind === 'revision') aliases.push(...revisionAliases(own, aliases));
    else aliases.push(...inOrder(own, kind, taken));
  }
  return aliases;
}

/** A revision is called after its service, and only that part is given another name. */
function revisionAliases(revisions: readonly string[], aliases: readonly Alias[]): Alias[] {
  const services = aliases.filter(({ kind }) => kind === 'service');
  return revisions.flatMap((from) => {
    const service = services
      .filter((one) => from.startsWith(`${one.from}-`))
      .toSorted((a, b) => b.from.length - a.from.length)[0];
    // A service's name is found within that of its revision, unless it is an ordinary word.
    return service === undefined || !ordinaryWord.test(service.from)
      ? []
      : [{ kind: 'revision', from, to: `${service.to}${from.slice(service.from.length)}` }];
  });
}

function inOrder(names: readonly string[], kind: Kind, taken: ReadonlySet<string>): Alias[] {
  // The same name in two cases is one.
  const distinct = [...new Map(names.toSorted().map((name) => [name.toLowerCase(), name])).values()];
  const width = distinct.length > 26 ? 2 : 1;
  let number = 0;
  return distinct.map((from) => {
    let to = form(kind, from, number, width);
    while (taken.has(to)) to = form(kind, from, (number += 1), width);
    number += 1;
    return { kind, from, to };
  });
}

function form(kind: Kind, name: string, number: number, width: number): string {
  const letters = lettersOf(number, width);
  if (kind === 'number') return String(10 ** (name.length - 1) + number);
  if (kind === 'address') return addressAlias(name, number);
  if (kind === 'e-mail') return `person-${letters}@example.com`;
  if (kind === 'host' || kind === 'domain') return `${kind}-${letters}.example`;
  return `${kind}-${letters}`;
}

/** Private addresses stay private, public ones become those of documentation (RFC 5737, RFC 3849). */
function addressAlias(name: string, number: number): string {
  if (name.includes(':')) return `2001:db8::${(number + 1).toString(16)}`;
  const isPrivate = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(name);
  const low = number % 250;
  if (isPrivate) return `10.0.${String(Math.floor(number / 250) % 250)}.${String(low)}`;
  const networks = ['203.0.113', '198.51.100', '192.0.2'];
  return `${networks[Math.floor(number / 250) % networks.length] ?? ''}.${String(low)}`;
}

function lettersOf(number: number, width: number): string {
  let letters = '';
  for (let rest = number; letters.length < width || rest > 0; rest = Math.floor(rest / 26)) {
    letters = String.fromCodePoint(97 + (rest % 26)) + letters;
  }
  return letters;
}
