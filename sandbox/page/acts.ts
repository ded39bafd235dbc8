import { z } from 'zod';
import { boxesOf, withBox } from '../boxes.ts';
import { Refusal } from './guard.ts';
import type { Html } from './html.ts';
import type { PageScene, PageStage } from './port.ts';
import type { Tallies } from './tallies.ts';
import { isLiving, versionOf } from './view.ts';

/** What the page's person does: each act checks what was sent, does it, and gives what there is to say. */

export interface Room {
  stage: PageStage;
  tallies(): Tallies;
  markdown: (text: string) => Html;
  machine: () => number;
  /** Tells all open pages to look again. */
  changed(): void;
}

/** Does something; resolves with what there is to say of it, empty where the page shows it. */
export type Act = (room: Room, sent: unknown) => Promise<string>;

const by = z.string();
const longestBody = 65_536;
const mostMinutes = 24 * 60;

function act<Sent>(schema: z.ZodType<Sent>, run: (room: Room, sent: Sent) => string | Promise<string>): Act {
  return async (room, sent) => {
    const read = schema.safeParse(sent);
    if (!read.success) throw new Refusal(400, z.prettifyError(read.error));
    return run(room, read.data);
  };
}

/** The acts by their paths. */
export const acts: Readonly<Record<string, Act>> = {
  '/comments': act(
    z.strictObject({ by, body: z.string().trim().min(1).max(longestBody) }),
    async (room, comment) => {
      const { github, focus } = personOf(room, comment.by);
      const from = room.machine();
      const { commentId } = await allowed(github.comment(comment.by, focus, comment.body));
      room.tallies().wrote(commentId, comment.by, comment.body, from);
      return '';
    },
  ),
  '/clock': act(z.strictObject({ minutes: z.int().min(1).max(mostMinutes) }), (room, { minutes }) => {
    room.stage.scene().walk(minutes);
    room.changed();
    return '';
  }),
  '/scenario': act(z.strictObject({ name: z.string() }), (room, { name }) => {
    refusing(409, () => room.stage.open(name));
    return '';
  }),
  '/deliveries': act(z.strictObject({}), (room) => deliverTwice(room.stage.scene())),
  '/faults': act(z.strictObject({ id: z.string(), way: z.string().nullable() }), (room, { id, way }) => {
    refusing(400, () => room.stage.scene().faults.set(id, way));
    room.changed();
    return '';
  }),
  '/labels': act(
    z.strictObject({ by, label: z.string().min(1).max(50), set: z.boolean() }),
    async (room, sent) => {
      const { github, focus } = personOf(room, sent.by);
      await allowed(github.label(sent.by, focus, sent.set ? { add: sent.label } : { remove: sent.label }));
      return '';
    },
  ),
  '/issue': act(z.strictObject({ by, state: z.enum(['open', 'closed']) }), async (room, sent) => {
    const { github, focus } = personOf(room, sent.by);
    await allowed(
      sent.state === 'open' ? github.reopenIssue(sent.by, focus) : github.closeIssue(sent.by, focus),
    );
    return '';
  }),
  '/boxes': act(
    z.strictObject({ by, comment: z.int(), version: z.string(), box: z.int().min(0), ticked: z.boolean() }),
    async (room, sent) => {
      await tick(room, sent);
      return '';
    },
  ),
};

function personOf(room: Room, login: string): PageScene {
  const scene = room.stage.scene();
  if (!Object.hasOwn(scene.scenario.people, login)) {
    throw new Refusal(400, `The scenario has nobody named ${JSON.stringify(login)}.`);
  }
  return scene;
}

/** What GitHub does not let a person do is no fault of the page. */
async function allowed<Result>(doing: Promise<Result>): Promise<Result> {
  try {
    return await doing;
  } catch (cause) {
    throw Object.assign(new Refusal(403, reason(cause)), { cause });
  }
}

function refusing(status: number, run: () => void): void {
  try {
    run();
  } catch (cause) {
    throw Object.assign(new Refusal(status, reason(cause)), { cause });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const senderSchema = z.object({ sender: z.object({ login: z.string(), type: z.string() }) });

/** The last webhook that a person caused: one of the app's own comments would be ignored the first time already. */
async function deliverTwice({ github }: PageScene): Promise<string> {
  const last = github.deliveries.findLast(
    ({ payload }) => senderSchema.safeParse(payload).data?.sender.type === 'User',
  );
  if (!last) throw new Refusal(409, 'No webhook was sent yet: write a comment first.');
  const again = await allowed(github.redeliver(last.guid));
  const who = senderSchema.parse(last.payload).sender.login;
  const what = `${last.event}${last.action === '' ? '' : `.${last.action}`} of ${who}`;
  return `Delivered twice: ${what}, GUID ${last.guid}, answered ${String(again.status ?? 'nothing')}.`;
}

interface Ticking {
  by: string;
  comment: number;
  version: string;
  box: number;
  ticked: boolean;
}

/** Ticks a box as GitHub's page does it: by an edit of the comment as the person saw it. */
async function tick(
  room: Room,
  { by: who, comment: id, version, box: index, ticked }: Ticking,
): Promise<void> {
  const { github, focus, scenario } = personOf(room, who);
  const comment = github.thread(focus).find((one) => one.id === id);
  const seen = comment && versionOf(comment, { github, focus, scenario, markdown: room.markdown });
  if (!comment || !isLiving(comment)) throw new Refusal(404, 'There is no such comment with boxes.');
  if (seen !== version) throw new Refusal(409, 'The comment has changed meanwhile; look at it again.');
  const box = boxesOf(comment.body)[index];
  if (!box || box.ticked === ticked) throw new Refusal(409, 'The box is not there, or stands so already.');
  await allowed(github.editComment(who, id, withBox(comment.body, box, ticked)));
}
