import { withoutSecrets as without } from '../core/secrets/without-secrets.ts';

const hidden = '[redacted]';

/**
 * The second wall against secrets. Collectors have redacted what they read already; what came from elsewhere, or slipped
 * through, is taken out here before it is cut or shown. The brackets tell the two apart.
 */
export function withoutSecrets(text: string): string {
  return without(text, () => hidden);
}
