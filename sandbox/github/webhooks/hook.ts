import type { Judge } from '../judge/judge.ts';
import type { Happening, World } from '../state/world.ts';
import { stamp } from '../state/world.ts';
import type { Delivery } from '../types.ts';
import { webhookPayload } from './payload.ts';
import { post, signatures } from './send.ts';
import type { WebhookAnswer } from './send.ts';

/** A delivery with all that GitHub keeps of it for three days. */
export interface KeptDelivery extends Delivery {
  installationId: number;
  repositoryId: number;
  url: string;
  /** `OK`, `Invalid HTTP Response: 500`, `timed out` or `failed to connect to host`. */
  outcome: string;
  /** Seconds that the answer took. */
  duration: number;
  requestHeaders: Record<string, string>;
  answer: WebhookAnswer | null;
}

/** The App's webhook. */
export interface Hook {
  url: string | null;
  deliveries: KeptDelivery[];
  /** Records a delivery that waits to be sent; null where the App does not hear of it. */
  announce(happening: Happening): Delivery | null;
  /** Records a delivery of the same payload under the same GUID. */
  again(delivery: KeptDelivery): KeptDelivery;
  /** Sends what waits; ends when each of it was answered or has failed. */
  send(): Promise<void>;
  settled(): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

interface HookDependencies {
  judge: Judge;
  /** The world, once it is there: it announces to the hook, and the hook reads it. */
  world: () => World;
  random: () => string;
  /** An announcement that does not fit the description. */
  complain: (refusal: string) => void;
}

const hookId = 498_211_007;

function headersOf(world: World, delivery: Delivery, body: string): Record<string, string> {
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/8f0c2e1',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.event,
    'x-github-hook-id': String(hookId),
    'x-github-hook-installation-target-id': String(world.app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...signatures(world.app.webhookSecret, body),
  };
}

async function deliver(world: World, delivery: KeptDelivery, aborted: AbortSignal): Promise<void> {
  const body = JSON.stringify(delivery.payload);
  delivery.requestHeaders = headersOf(world, delivery, body);
  const started = performance.now();
  const outcome = await post(delivery.url, delivery.requestHeaders, body, aborted);
  delivery.duration = Math.round(performance.now() - started) / 1_000;
  if ('failure' in outcome) {
    delivery.outcome = outcome.failure;
    return;
  }
  const { status } = outcome.answer;
  delivery.answer = outcome.answer;
  delivery.status = status;
  delivery.outcome = status >= 200 && status < 300 ? 'OK' : `Invalid HTTP Response: ${status}`;
}

function refuseUnfit(dependencies: HookDependencies, name: Happening['name'], payload: unknown): void {
  const wrong = dependencies.judge.webhook(name, payload);
  if (wrong.length === 0) return;
  const complaint = `webhook ${name} does not fit GitHub's description: ${wrong.join('; ')}`;
  dependencies.complain(complaint);
  throw new Error(complaint);
}

export function createHook(dependencies: HookDependencies): Hook {
  const waiting: KeptDelivery[] = [];
  const underWay = new Set<Promise<void>>();
  const end = new AbortController();
  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
  const keep = (delivery: Omit<KeptDelivery, 'id' | 'at'>): KeptDelivery => {
    const world = dependencies.world();
    const kept = { ...delivery, id: world.nextId(), at: stamp(world.clock.now()) };
    hook.deliveries.push(kept);
    waiting.push(kept);
    return kept;
  };
  const fresh = { status: null, outcome: '', duration: 0, requestHeaders: {}, answer: null };

  const hook: Hook = {
    url: null,
    deliveries: [],
    announce(happening) {
      const world = dependencies.world();
      const [event = '', action = ''] = happening.name.split('.');
      const hears =
        world.app.manifest.default_events.includes(event) &&
        world.installations.has(happening.repository.installationId);
      if (hook.url === null || !hears) return null;
      const payload = webhookPayload(world, happening);
      refuseUnfit(dependencies, happening.name, payload);
      const { installationId, id: repositoryId } = happening.repository;
      const guid = dependencies.random();
      return keep({
        ...fresh,
        guid,
        event,
        action,
        payload,
        installationId,
        repositoryId,
        url: hook.url,
        redelivery: false,
      });
    },
    again: (delivery) => keep({ ...delivery, ...fresh, url: hook.url ?? delivery.url, redelivery: true }),
    send() {
      const sent = waiting.splice(0).map((delivery) => {
        const sending = deliver(dependencies.world(), delivery, end.signal);
        underWay.add(sending);
        return sending.finally(() => underWay.delete(sending));
      });
      return Promise.all(sent).then(() => undefined);
    },
    settled,
    async close() {
      waiting.length = 0;
      end.abort();
      await settled();
    },
  };
  return hook;
}
