import type { Snapshot } from '../../src/core/snapshot.ts';
import { configurationOf } from '../../src/commands/configuration.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { openPlay, type Play, type PlayOptions } from '../app/play.ts';
import { openTexts, type Open } from './public-text.ts';

/** The real app in a public repository, with all that it ever wrote and all that it read. */
export interface PublicPlay extends Play {
  configuration: Configuration;
  /** A person writes on an issue; gives the reactions, when all is done. */
  write: (by: string, body: string, on?: number) => Promise<string[]>;
  /** Moves the clock to a time, minute by minute where samples are needed. */
  until: (at: string, each?: boolean) => Promise<void>;
  /** Every text that Sitrep wrote so far, by kind: comments as they were and are, issues, the files of pull requests. */
  written: () => Promise<{ kind: string; text: string }[]>;
  /** Every look so far. */
  looks: () => Snapshot[];
  open: () => Open;
}

const minute = 60_000;

/** Opens a scenario whose repository everybody can read, unless it says otherwise. */
export async function openPublicPlay(options: PlayOptions = {}): Promise<PublicPlay> {
  const play = await openPlay({
    ...options,
    change: (scenario) => {
      scenario.repository.private = false;
      options.change?.(scenario);
    },
  });
  const { scenario } = play.loaded;
  const repository = `${scenario.repository.owner}/${scenario.repository.name}`;
  const read = configurationOf(options.configuration ?? play.loaded.configuration, undefined);
  if (read.kind !== 'usable') throw new Error('the configuration cannot be used');
  const issues = new Set([scenario.focus]);
  const said = new Set<string>();
  const texts = new Map<string, { kind: string; text: string }>();
  const looks = new Map<string, Snapshot>();

  /** Comments are edited: what they were is kept before it changes. */
  async function note(): Promise<void> {
    for (const issue of issues) {
      const kinds = await play.app.kinds(repository, issue);
      for (const { id, bot, body } of play.github.thread(issue))
        if (bot) texts.set(`${String(id)} ${body}`, { kind: kinds.get(id) ?? 'unknown', text: body });
      const last = await play.app.lastLook(repository, issue);
      if (last !== null)
        looks.set(`${String(issue)} ${last.snapshot.takenAt} ${String(last.id)}`, last.snapshot);
    }
  }

  return {
    ...play,
    configuration: read.configuration,
    async write(by, body, on = scenario.focus) {
      issues.add(on);
      said.add(body);
      const { commentId } = await play.github.comment(by, on, body);
      await play.rest();
      await note();
      return play.github.thread(on).find(({ id }) => id === commentId)?.reactions ?? [];
    },
    async until(at, each = false) {
      const target = Date.parse(at);
      while (play.clock.now().getTime() < target) {
        const left = target - play.clock.now().getTime();
        play.clock.advance(each ? Math.min(minute, left) : left);
        await play.rest();
        await note();
      }
    },
    async written() {
      await note();
      return [...texts.values()];
    },
    looks: () => [...looks.values()],
    open: () => ({
      texts: [
        ...openTexts(read.configuration),
        ...scenario.issues.flatMap(({ title, body, comments }) => [
          title,
          body,
          ...comments.map((one) => one.body),
        ]),
        ...Object.keys(scenario.people),
        scenario.repository.owner,
        scenario.repository.name,
        ...said,
        // What is quoted of it.
        ...[...said].map((body) => body.split(' ').slice(3).join(' ')),
        ...[...said].map((body) => body.split(' ').slice(2).join(' ')),
        ...[...said].flatMap(actionTitle),
      ],
    }),
  };
}

/** The title of the action that a command adds: what is said of its owner and its time is shown apart. */
function actionTitle(body: string): string[] {
  const [, title] = /^\/sitrep action add (.+?)(?: @\S+)?(?: by \d\d:\d\d)?$/u.exec(body) ?? [];
  return title === undefined ? [] : [title];
}
