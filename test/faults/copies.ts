import { randomUUID } from 'node:crypto';
import { post, signatures } from '../../sandbox/github/webhooks/send.ts';
import type { Town } from './town.ts';

/** A webhook that GitHub has made and that has reached nobody yet. */
export interface Webhook {
  guid: string;
  /** Sends a copy; gives the status of the answer. Without a GUID it goes under its own. */
  send(webhooks: string, guid?: string): Promise<number>;
}

/** A port that nobody listens on. */
const nowhere = 'http://127.0.0.1:9/';

/** Somebody comments, and the webhook is held back for its copies to be sent. */
export async function heldBack(town: Town, issue: number, body: string): Promise<Webhook> {
  const { guid } = await town.ask(issue, nowhere, body);
  const delivery = town.github.deliveries.findLast((kept) => kept.guid === guid);
  if (delivery === undefined) throw new Error(`no delivery ${guid}`);
  const text = JSON.stringify(delivery.payload);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/8f0c2e1',
    'x-github-event': delivery.event,
    ...signatures(town.github.app.webhookSecret, text),
  };
  return {
    guid,
    async send(webhooks, as = guid) {
      const sent = { ...headers, 'x-github-delivery': as };
      const outcome = await post(webhooks, sent, text, new AbortController().signal);
      if ('failure' in outcome) throw new Error(outcome.failure);
      return outcome.answer.status;
    },
  };
}

/** A GUID of another hook that points to the same App. */
export function anotherGuid(): string {
  return randomUUID();
}
