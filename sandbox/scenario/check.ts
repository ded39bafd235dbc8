import { isIP } from 'node:net';
import { hosts, statusHost, tokenHost } from '../google/methods.ts';
import { googleProblems } from './check-google.ts';
import { inOrder } from './problem.ts';
import type { Path, Problems, ScenarioProblem } from './problem.ts';
import type { Scenario } from './schema.ts';
import type { ScenarioStep } from './step.ts';

/** What a scenario's form cannot say: times in order, bodies that fit their message type, names that exist. */

type FaultKind = Scenario['faults'][number]['kind'];

const proxied: FaultKind[] = ['hang', 'html-502', 'unavailable'];

/** Kinds of fault that a host can have; null where any, or where another stand-in decides. */
function kindsOf(api: string, origins: string[]): FaultKind[] | null {
  if (origins.includes(api)) return proxied;
  if (api === tokenHost) return [...proxied, 'lie', 'no-token'];
  if (api === statusHost) return [...proxied, 'lie'];
  if (api === 'github') return null;
  return [...proxied, 'denied', 'api-disabled', 'not-found', 'quota', 'lie'];
}

function* faultProblems(scenario: Scenario): Problems {
  const origins = scenario.endpoints.map(({ url }) => new URL(url).origin);
  for (const [index, { api, kind, from, to }] of scenario.faults.entries()) {
    const path = ['faults', index];
    if (![...hosts, 'github', ...origins].includes(api)) {
      const remedy = `Write one of ${[...hosts, 'github', ...origins].join(', ')}.`;
      yield { path: [...path, 'api'], what: `nothing of the scenario is ${api}`, remedy };
    }
    const kinds = kindsOf(api, origins);
    if (kinds?.includes(kind) === false) {
      const remedy = `It can have ${kinds.join(', ')}.`;
      yield { path: [...path, 'kind'], what: `${api} has no fault ${kind}`, remedy };
    }
    if (from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from)) {
      yield {
        path: [...path, 'to'],
        what: 'it ends before it begins',
        remedy: 'Let "to" be later than "from".',
      };
    }
  }
}

function* endpointProblems(scenario: Scenario): Problems {
  for (const [index, endpoint] of scenario.endpoints.entries()) {
    const { url, states } = endpoint;
    const path = ['endpoints', index];
    yield* inOrder(states, [...path, 'states']);
    yield* answerProblems(endpoint, path);
    const first = states[0]?.from;
    if (first !== undefined && Date.parse(first) > Date.parse(scenario.start)) {
      const remedy = 'Leave out "from" of the first state, or let it begin no later than the scenario.';
      yield { path: [...path, 'states', 0, 'from'], what: 'the endpoint has no state at the start', remedy };
    }
    if (scenario.endpoints.findIndex((other) => new URL(other.url).href === new URL(url).href) < index) {
      yield { path: [...path, 'url'], what: `${url} is there twice`, remedy: 'Put its states together.' };
    }
  }
}

/** A state says only what an endpoint of its kind can do. */
function* answerProblems({ url, addresses, states }: Scenario['endpoints'][number], path: Path): Problems {
  for (const [index, address] of addresses.entries()) {
    if (isIP(address) !== 0) continue;
    const remedy = 'Write an IPv4 or IPv6 address.';
    yield { path: [...path, 'addresses', index], what: `${address} is no address`, remedy };
  }
  const isSocket = new URL(url).protocol.startsWith('ws');
  const isSecure = /^(?:https|wss):/.test(url);
  for (const [index, { status, message, close, tls }] of states.entries()) {
    const at = [...path, 'states', index];
    if (status === 101 && !isSocket) {
      const remedy = 'Write the status of an answer, or give the URL with wss:// or ws://.';
      yield { path: [...at, 'status'], what: '101 is the answer to a WebSocket only', remedy };
    }
    if ((message !== undefined || close !== undefined) && status !== 101) {
      const remedy = 'Let it open with status 101, or leave out message and close.';
      yield { path: at, what: 'nothing comes after a handshake that is refused', remedy };
    }
    if (tls !== undefined && !isSecure) {
      yield { path: [...at, 'tls'], what: `${url} has no TLS`, remedy: 'Write https:// or wss://.' };
    }
  }
}

/** Who does a step, and to which issue; null where only the clock moves. */
function actorOf(step: ScenarioStep): { name: string; by: string; issue?: number } | null {
  if ('advance' in step) return null;
  if ('open' in step) return { name: 'open', by: step.open.by };
  if ('comment' in step) return { name: 'comment', ...step.comment };
  if ('label' in step) return { name: 'label', ...step.label };
  if ('close' in step) return { name: 'close', ...step.close };
  if ('reopen' in step) return { name: 'reopen', ...step.reopen };
  return 'tick' in step ? { name: 'tick', ...step.tick } : { name: 'untick', ...step.untick };
}

function* scriptProblems(scenario: Scenario): Problems {
  const numbers = scenario.issues.map(({ number }) => number);
  const last = Math.max(...numbers, ...scenario.pull_requests.map(({ number }) => number));
  const noIssue = (number: number, path: Path): ScenarioProblem => ({
    path,
    what: `there is no issue ${number}`,
    remedy: `Name one of ${numbers.join(', ')}.`,
  });
  if (!numbers.includes(scenario.focus)) yield noIssue(scenario.focus, ['focus']);
  // How many issues Sitrep itself opens in between is not known: any later number may be one that the script opens.
  let opens = false;
  for (const [index, step] of scenario.script.entries()) {
    const actor = actorOf(step);
    if (actor === null) continue;
    const { name, by, issue } = actor;
    const path = ['script', index, name];
    opens ||= 'open' in step;
    if (issue !== undefined && !numbers.includes(issue) && !(opens && issue > last))
      yield noIssue(issue, [...path, 'issue']);
    if (scenario.people[by] === undefined) {
      const what = `${by} is not among the people`;
      yield { path: [...path, 'by'], what, remedy: 'Add them with their role.' };
    }
  }
}

function* threadProblems({ issues }: Scenario): Problems {
  for (const [index, { at, comments, closed_at }] of issues.entries()) {
    const times = [
      at,
      ...comments.map((comment) => comment.at),
      ...(closed_at === undefined ? [] : [closed_at]),
    ];
    const late = times.findIndex(
      (time, order) => order > 0 && Date.parse(time) < Date.parse(times[order - 1] ?? time),
    );
    if (late > 0) {
      yield {
        path: ['issues', index],
        what: `${times[late]} comes after ${times[late - 1]}`,
        remedy: 'Put the opening, the comments and the closing in the order of their times.',
      };
    }
  }
}

/** Everything that is wrong with a scenario of the right form; empty where it can be played. */
export function checkScenario(scenario: Scenario): ScenarioProblem[] {
  return [
    ...googleProblems(scenario),
    ...faultProblems(scenario),
    ...endpointProblems(scenario),
    ...scriptProblems(scenario),
    ...threadProblems(scenario),
  ];
}
