import { setTimeout as pause } from 'node:timers/promises';
import { answered, costOfLoad, startLoad, type LoadResult } from '../load.ts';
import { median, type Measure } from '../measure.ts';
import { commentPayload } from '../payload.ts';
import { startBenchStandIns, startProcess, startSitrepServer, type ServerProcess } from '../server.ts';

const rounds = 7;
const windowMs = 2_000;
const warmUpMs = 2_000;
/** Between two windows, so that what one server left to do does not fall into the window of the next. */
const betweenMs = 100;
const connections = [16, 64] as const;
/** Deliveries a second, as a share of what the baselines take. */
const goals = { probot: 1.2, bare: 0.7 };

/** How many deliveries that are not for us the real server answers, beside what others make of the same bytes. */
export const intakeForeign: Measure = {
  name: 'intake-foreign',
  what: 'deliveries a second of comments without a command (14 kB, signed): the least of ÷ probot run ÷ 1.2 and ÷ bare node:http + HMAC + JSON.parse ÷ 0.7, at 16 and 64 connections',
  async run(progress) {
    const { standIns, issue } = await startBenchStandIns();
    const secret = standIns.github.app.webhookSecret;
    const body = await commentPayload(standIns, issue, 'Chat is slow again since ten. Is it the connector?');
    const servers: Record<Contestant, ServerProcess> = {
      bare: await startProcess('./bare.ts', [], standIns.environment),
      probot: await startProcess('./probot-empty.js', [], { ...standIns.environment, LOG_LEVEL: 'warn' }),
      sitrep: await startSitrepServer(standIns),
    };
    const load = startLoad();
    const windows: LoadResult[] = [];

    async function rate(name: Contestant, at: number, milliseconds: number): Promise<number> {
      await pause(betweenMs);
      const { url } = servers[name];
      const result = await load.run({
        url,
        secret,
        body,
        connections: at,
        milliseconds,
        firstSerial: 0,
        most: 1,
        again: true,
        everyMs: 0,
      });
      const { '200': fine = 0 } = result.statuses;
      if (fine < answered(result))
        throw new Error(`${name} did not answer 200 alone: ${JSON.stringify(result.statuses)}`);
      windows.push(result);
      return fine / result.seconds;
    }

    try {
      const rates = new Map<string, number[]>();
      for (const name of contestants) await rate(name, 64, warmUpMs);
      windows.length = 0;
      for (let round = 0; round < rounds; round++) {
        for (const at of connections) {
          for (const name of contestants) {
            const key = `${name} ${String(at)}`;
            rates.set(key, [...(rates.get(key) ?? []), await rate(name, at, windowMs)]);
          }
        }
        progress(`${String(round + 1)}/${String(rounds)}: ${ratesInWords(rates, (all) => all.at(-1))}`);
      }
      const of = (name: Contestant, at: number) => median(rates.get(`${name} ${String(at)}`) ?? []);
      const ratios = connections.map((at) => ({
        at,
        probot: of('sitrep', at) / of('probot', at),
        bare: of('sitrep', at) / of('bare', at),
      }));
      const value = Math.min(
        ...ratios.flatMap(({ probot, bare }) => [probot / goals.probot, bare / goals.bare]),
      );
      return {
        value: Number(value.toFixed(3)),
        unit: '× the goal, worst of four ratios',
        goal: 1,
        bound: 'at least',
        holds: value >= 1,
        beside: {
          ...Object.fromEntries(
            ratios.flatMap(({ at, probot, bare }) => [
              [`÷ probot run at ${String(at)}`, `${probot.toFixed(2)} (at least ${String(goals.probot)})`],
              [`÷ bare at ${String(at)}`, `${bare.toFixed(2)} (at least ${String(goals.bare)})`],
            ]),
          ),
          'deliveries a second, medians': ratesInWords(rates, median),
          load: costOfLoad(windows),
        },
      };
    } finally {
      load.stop();
      for (const name of contestants) await servers[name].stop();
      await standIns.close();
    }
  },
};

const contestants = ['bare', 'probot', 'sitrep'] as const;
type Contestant = (typeof contestants)[number];

function ratesInWords(
  rates: ReadonlyMap<string, number[]>,
  of: (rates: number[]) => number | undefined,
): string {
  return [...rates].map(([key, all]) => `${key}: ${(of(all) ?? Number.NaN).toFixed(0)}`).join(', ');
}
