import { standInPattern } from '../secret-names.ts';
import type { Range } from './ranges.ts';

/**
 * Tokens that are known by their own form, each as those who give it out document it. They begin with a fixed word, so
 * that a search is linear in the text.
 */
const forms: readonly RegExp[] = [
  /AIza[\w-]{30,60}/, // Google API key
  /ya29\.[\w.-]{10,2000}/, // Google access token
  /1\/\/0[\w-]{20,512}/, // Google refresh token
  /GOCSPX-[\w-]{20,60}/, // Google OAuth client secret
  /(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])/, // AWS key id
  /gh[pousr]_[A-Za-z0-9]{16,255}/, // GitHub
  /github_pat_\w{20,255}/,
  /gl(?:pat|ptt|dt|rt|cbt|agent|oas|soat)-[\w.-]{16,255}/, // GitLab
  /ATATT3[\w=-]{20,512}/, // Atlassian
  /ATBB[A-Za-z0-9]{20,255}/, // Bitbucket
  /xox[a-z]-[\w-]{10,300}/, // Slack
  /xapp-[\w-]{10,300}/,
  /(?:sk|rk|pk)[-_][\w-]{20,300}/, // OpenAI, Anthropic, Stripe
  /(?:sk|rk|pk)[-_](?:live|test|ant|proj)[-_][\w-]{10,300}/,
  /whsec_[\w+/=-]{16,255}/,
  /SG\.[\w-]{16,40}\.[\w-]{16,60}/, // SendGrid
  /SK[0-9a-f]{32}(?![A-Za-z0-9])/, // Twilio
  /key-[0-9a-f]{32}(?![A-Za-z0-9])/, // Mailgun
  /npm_[A-Za-z0-9]{30,64}/,
  /pypi-[\w-]{16,512}/,
  /rubygems_[0-9a-f]{48}/,
  /hf_[A-Za-z0-9]{20,100}/, // Hugging Face
  /gsk_[A-Za-z0-9]{20,100}/, // Groq
  /xai-[A-Za-z0-9]{20,200}/,
  /r8_[A-Za-z0-9]{20,100}/, // Replicate
  /do[oprt]_v1_[0-9a-f]{32,128}/, // DigitalOcean
  /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,64}/, // Shopify
  /\d{8,10}:AA[\w-]{30,40}/, // Telegram bot
  /hv[sbr]\.[\w-]{20,512}/, // HashiCorp Vault
  /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20,255}/, // Terraform Cloud
  /dapi[0-9a-f]{32}/, // Databricks
  /gl(?:sa|c)_[\w=+/-]{20,255}/, // Grafana
  /lin_api_[A-Za-z0-9]{20,100}/, // Linear
  /ntn_[A-Za-z0-9]{30,100}/, // Notion
  /figd_[\w-]{20,100}/, // Figma
  /tskey-[\w-]{16,255}/, // Tailscale
  /dp\.[a-z]{2,5}\.[\w.-]{20,100}/, // Doppler
  /PMAK-[0-9a-f-]{30,100}/, // Postman
  /NRAK-[A-Z0-9]{20,60}/, // New Relic
  /sntry[su]_[\w+/=-]{20,512}/, // Sentry
  /pscale_(?:pw|tkn|oauth)_[\w.-]{20,100}/, // PlanetScale
  /sbp_[0-9a-f]{40}/, // Supabase
  /nfp_[A-Za-z0-9]{30,60}/, // Netlify
  /AGE-SECRET-KEY-1[A-Z0-9]{30,100}/,
  /ops_eyJ[\w+/=-]{20,4000}/, // 1Password service account
  /A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,5}/, // 1Password secret key
];

const token = new RegExp(`(?<![A-Za-z0-9])(?:${forms.map(({ source }) => source).join('|')})`, 'g');

/** A run does not begin within itself: `eyJ-eyJ-…` would be read anew from each of them. */
const jsonWebToken = /(?<![\w-])eyJ[\w-]{5,8000}\.[\w-]{5,8000}(?:\.[\w-]{0,8000})?/g;

/** The address is no secret, what follows is; the address stays, since it says what was hidden. */
const webhook =
  /(?<=\bhooks\.slack\.com\/services\/|\bdiscord(?:app)?\.com\/api\/webhooks\/|\bapi\.telegram\.org\/bot)[\w/:-]{8,255}/gi;

/** Secrets that are known by their own form. */
export function tokensIn(text: string): Range[] {
  return [token, jsonWebToken, webhook, standInPattern].flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ({ index, 0: { length } }): Range => [index, index + length]),
  );
}
