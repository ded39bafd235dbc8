import type { Random } from '../faults/random.ts';

/**
 * Kinds of secrets, each made anew: what must be seen nowhere, and a line in which it stands as it does in logs, settings
 * and what people paste. All are put together here, so that no scanner takes this file for a leak.
 */
export interface PlantedSecret {
  kind: string;
  /** What must be seen nowhere. */
  secret: string;
  /** One line that holds it; but for keys, which have several lines. */
  text: string;
  /** It has a form of its own: it is known without a word before it. */
  byForm: boolean;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const word = lower + upper + digits;

type Make = (of: Draw) => { secret: string; text?: string };

/** Draws strings. */
class Draw {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }
  of(alphabet: string, length: number): string {
    return Array.from({ length }, () => this.#random.pick(alphabet.split(''))).join('');
  }
  /** Letters and digits, in which all three kinds occur. */
  word(length: number): string {
    return this.#random.shuffled(`aZ7${this.of(word, length - 3)}`.split('')).join('');
  }
  hex(length: number): string {
    return `a1${this.of('0123456789abcdef', length - 2)}`;
  }
  base64(bytes: number): string {
    return Buffer.from(Array.from({ length: bytes }, () => this.#random.below(256))).toString('base64');
  }
  url64(length: number): string {
    return `aZ7${this.of(`${word}-_`, length - 4)}q`;
  }
  /** As people choose one. */
  password(): string {
    return (
      this.of(lower, 7) +
      this.of(digits, 4) +
      this.#random.pick(['!', '#x', '%k', '_', '-q', '.z', '+']) +
      this.of(lower, 3)
    );
  }
  pem(kind: string): string {
    const body = Array.from({ length: 4 }, () => this.word(64)).join('\n');
    return ['-----BEGIN ', kind, '-----\n', body, '\n-----END ', kind, '-----'].join('');
  }
}

/** The body of a key is what must not be seen: not one line of it. */
const key =
  (kind: string): Make =>
  (of) => {
    const text = of.pem(kind);
    return { secret: text.split('\n')[2] ?? '', text: `loaded ${text} from disk` };
  };

const named =
  (before: string, make: (of: Draw) => string, after = ''): Make =>
  (of) => {
    const secret = make(of);
    return { secret, text: `${before}${secret}${after}` };
  };

const token =
  (prefix: string, make: (of: Draw) => string): Make =>
  (of) => ({ secret: prefix + make(of) });

/** Those with a form of their own. */
const byForm: Readonly<Record<string, Make>> = {
  'AWS access key id': token('AKIA', (of) => of.of(upper + digits, 16)),
  'AWS temporary key id': token('ASIA', (of) => of.of(upper + digits, 16)),
  'Google API key': token('AIza', (of) => of.url64(35)),
  'Google access token': token('ya29.', (of) => of.url64(120)),
  'Google refresh token': token('1//0', (of) => of.url64(80)),
  'Google OAuth client secret': token('GOCSPX-', (of) => of.url64(28)),
  'GitHub personal token': token('ghp_', (of) => of.word(36)),
  'GitHub OAuth token': token('gho_', (of) => of.word(36)),
  'GitHub server token': token('ghs_', (of) => of.word(36)),
  'GitHub user token': token('ghu_', (of) => of.word(36)),
  'GitHub refresh token': token('ghr_', (of) => of.word(76)),
  'GitHub fine-grained token': token('github_pat_', (of) => `${of.word(22)}_${of.word(59)}`),
  'GitLab token': token('glpat-', (of) => of.url64(20)),
  'npm token': token('npm_', (of) => of.word(36)),
  'PyPI token': token('pypi-', (of) => `AgEIcHlwaS5vcmc${of.url64(80)}`),
  'Slack bot token': token('xoxb-', (of) => `${of.of(digits, 12)}-${of.of(digits, 13)}-${of.word(24)}`),
  'Slack user token': token('xoxp-', (of) => `${of.of(digits, 12)}-${of.of(digits, 12)}-${of.hex(32)}`),
  'Slack app token': token('xapp-', (of) => `1-A${of.word(10)}-${of.of(digits, 13)}-${of.hex(64)}`),
  'Stripe live key': token('sk_live_', (of) => of.word(24)),
  'Stripe restricted key': token('rk_live_', (of) => of.word(24)),
  'Stripe webhook secret': token('whsec_', (of) => of.word(32)),
  'SendGrid key': token('SG.', (of) => `${of.url64(22)}.${of.url64(43)}`),
  'Twilio API key': token('SK', (of) => of.hex(32)),
  'Mailgun key': token('key-', (of) => of.hex(32)),
  'OpenAI project key': token('sk-proj-', (of) => of.url64(74)),
  'Anthropic key': token('sk-ant-', (of) => `api03-${of.url64(93)}`),
  'Hugging Face token': token('hf_', (of) => of.word(34)),
  'DigitalOcean token': token('dop_v1_', (of) => of.hex(64)),
  'Shopify token': token('shpat_', (of) => of.hex(32)),
  'Telegram bot token': (of) => ({ secret: `${of.of('123456789', 10)}:AA${of.url64(33)}` }),
  'Vault token': token('hvs.', (of) => of.url64(90)),
  'Databricks token': token('dapi', (of) => of.hex(32)),
  'Grafana token': token('glsa_', (of) => `${of.word(32)}_${of.hex(8)}`),
  '1Password service account': token('ops_eyJ', (of) => of.url64(120)),
  'age key': token('AGE-SECRET-KEY-1', (of) => of.of(upper + digits, 58)),
  'JSON Web Token': (of) => ({ secret: `eyJ${of.url64(30)}.eyJ${of.url64(60)}.${of.url64(43)}` }),
  'RSA key': key('RSA PRIVATE KEY'),
  'EC key': key('EC PRIVATE KEY'),
  'OpenSSH key': key('OPENSSH PRIVATE KEY'),
  'PGP key': key('PGP PRIVATE KEY BLOCK'),
  'service account of Google': (of) => {
    const pem = of.pem('PRIVATE KEY');
    const text = JSON.stringify({ type: 'service_account', private_key_id: 'k1', private_key: pem });
    return { secret: pem.split('\n')[1] ?? '', text };
  },
  'Slack webhook': (of) => {
    const secret = of.word(24);
    return { secret, text: `https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/${secret}` };
  },
  'Discord webhook': (of) => {
    const secret = of.url64(68);
    return { secret, text: `https://discord.com/api/webhooks/112233445566778899/${secret}` };
  },
};

/** Those that only what stands before them tells. */
const byName: Readonly<Record<string, Make>> = {
  'AWS secret key': named('aws_secret_access_key = ', (of) => of.base64(30)),
  'AWS session token': named('AWS_SESSION_TOKEN=', (of) => of.base64(120)),
  'Azure storage key': named(
    'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=',
    (of) => of.base64(64),
    ';EndpointSuffix=core.windows.net',
  ),
  'Azure SAS': named(
    'https://shop.blob.core.windows.net/a?sv=2024-11-04&sp=r&sig=',
    (of) => of.word(43),
    '%3D&se=2030',
  ),
  'Twilio auth token': named('TWILIO_AUTH_TOKEN=', (of) => of.hex(32)),
  'bearer header': named('Authorization: Bearer ', (of) => of.url64(40)),
  'basic header': named('authorization: Basic ', (of) => of.base64(21)),
  'cookie header': named('Cookie: theme=dark; session=', (of) => of.url64(32), '; lang=en'),
  'PostgreSQL address': named('dial postgres://web:', (of) => of.password(), '@10.9.0.3:5432/main: refused'),
  'MySQL address': named('mysql://root:', (of) => of.password(), '@db:3306/shop'),
  'MongoDB address': named('mongodb+srv://app:', (of) => of.password(), '@c0.ab1cd.mongodb.net/?w=majority'),
  'Redis address': named('redis://:', (of) => of.password(), '@cache:6379/0'),
  'AMQP address': named('amqp://guest:', (of) => of.password(), '@queue:5672/%2f'),
  'MySQL address of Go': named('open web:', (of) => of.password(), '@tcp(db:3306)/shop: refused'),
  'Sentry DSN': named('https://', (of) => of.hex(32), '@o123456.ingest.sentry.io/4501'),
  'password=': named('login as web failed, password=', (of) => of.password(), ' user=web'),
  'PGPASSWORD=': named('PGPASSWORD=', (of) => of.password(), ' psql -h db'),
  'password in JSON': named('{"db_password": "', (of) => of.password(), '", "port": 5432}'),
  'password in JSON in JSON': named('{"log":"{\\"password\\":\\"', (of) => of.password(), '\\"}"}'),
  'password in YAML': named('password: ', (of) => of.password()),
  'password in a sentence': named('the password is ', (of) => of.password(), ' for now'),
  'password on a command line': named('mysqldump --password ', (of) => of.password(), ' shop'),
  'password in an address': named('https://shop.example/login?token=', (of) => of.word(24), '&page=2'),
  'key in hexadecimal': named('SESSION_SIGNING_KEY=', (of) => of.hex(64)),
  'key in base64': named('encryption_key: ', (of) => of.base64(32)),
  'Docker registry': named('{"auths":{"eu.gcr.io":{"auth":"', (of) => of.base64(36), '"}}}'),
  'netrc line': named('machine api.shop.example login web password ', (of) => of.password()),
  'WireGuard key': named('PrivateKey = ', (of) => of.base64(32)),
  'API key header': named('x-api-key: ', (of) => of.word(32)),
  'credentials of curl': named('curl -u web:', (of) => of.password(), ' https://shop.example'),
};

/** One of each kind, all different. */
export function plantedSecrets(random: Random): PlantedSecret[] {
  const draw = new Draw(random);
  const made = (kinds: Readonly<Record<string, Make>>, ofOwnForm: boolean) =>
    Object.entries(kinds).map(([kind, make]): PlantedSecret => {
      const { secret, text = secret } = make(draw);
      return { kind, secret, text: text === secret ? `refused ${secret} today` : text, byForm: ofOwnForm };
    });
  return [...made(byForm, true), ...made(byName, false)];
}

/** How many kinds there are. */
export const kindsOfSecrets = Object.keys(byForm).length + Object.keys(byName).length;
