/** The headers that say what a webhook was set up on, as they came; empty where there is none. */
export interface HookTarget {
  /** X-GitHub-Hook-Installation-Target-Type */
  type: string;
  /** X-GitHub-Hook-Installation-Target-ID */
  id: string;
}

/**
 * Whether the webhook is the App's own: `integration`, with the App's id (docs.github.com, "Webhook events and payloads",
 * "Delivery headers"). One of a repository or an organisation that leads here tells the same without an installation,
 * and is refused. Servers that do not send the headers are taken at the payload's word: nobody signs headers.
 */
export function isForApp({ type, id }: HookTarget, appId: number): boolean {
  if (type === '') return id === '';
  return type === 'integration' && id === String(appId);
}
