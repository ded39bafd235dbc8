import type { Scenario } from '../scenario/schema.ts';
import type { SandboxClock } from '../clock.ts';
import type { FaultKind, InjectedFault, OtherAnswer } from './types.ts';

/** Faults: those that the scenario plans by the clock, and those that a test injects. */

export interface Fault {
  kind: FaultKind;
  status: 403 | 429;
  /** Seconds. */
  retryAfter: number;
  answer: OtherAnswer;
}

export interface FaultPlan {
  /** What is given lifts it. */
  inject(fault: InjectedFault): () => void;
  /** The fault that befalls a request; an injected one is used up by it. */
  next(method: string, path: string): Fault | null;
}

type PlannedFault = Scenario['faults'][number];

const quota = { status: 403, retryAfter: 60 } as const;
const emptyAnswer: OtherAnswer = { status: 200, headers: {}, body: '' };

function isGitHubs(kind: PlannedFault['kind']): kind is Exclude<PlannedFault['kind'], 'api-disabled'> {
  return kind !== 'api-disabled';
}

export function createFaultPlan(planned: Scenario['faults'], clock: SandboxClock): FaultPlan {
  const plan = planned
    .filter(({ api }) => api === 'github')
    .map((fault) => {
      const { kind } = fault;
      if (!isGitHubs(kind)) throw new Error(`faults: "${kind}" does not happen at GitHub`);
      return { ...fault, kind };
    });
  let injected: (InjectedFault & { left: number })[] = [];

  function plannedFor(path: string): Fault | null {
    const now = clock.now().getTime();
    const fault = plan.find(
      ({ from, to, path: part }) =>
        path.includes(part) && (!from || now >= Date.parse(from)) && (!to || now < Date.parse(to)),
    );
    return fault ? { ...quota, answer: emptyAnswer, kind: fault.kind } : null;
  }

  return {
    inject(fault) {
      const added = { ...fault, left: fault.times ?? 1 };
      injected.push(added);
      return () => {
        injected = injected.filter((one) => one !== added);
      };
    },
    next(method, path) {
      const fault = injected.find(
        ({ left, method: wanted, pathIncludes }) =>
          left > 0 && (wanted === undefined || wanted === method) && path.includes(pathIncludes ?? ''),
      );
      if (!fault) return plannedFor(path);
      fault.left -= 1;
      return {
        kind: fault.kind,
        status: fault.status ?? quota.status,
        retryAfter: fault.retryAfter ?? quota.retryAfter,
        answer: fault.answer ?? emptyAnswer,
      };
    },
  };
}

/** A value of another type than the one that is due. */
function wrongType(value: unknown): unknown {
  if (typeof value === 'string') return 0;
  if (typeof value === 'number' || typeof value === 'boolean') return 'not a number';
  return Array.isArray(value) ? {} : [];
}

/** The same answer with every field of a wrong type. */
export function lie(body: unknown): unknown {
  if (Array.isArray(body)) return body.length > 0 ? body.map(lie) : {};
  if (typeof body !== 'object' || body === null) return wrongType(body);
  return Object.fromEntries(Object.entries(body).map(([field, value]) => [field, wrongType(value)]));
}

/** The page of a proxy in front of GitHub. */
export const proxyPage =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';
