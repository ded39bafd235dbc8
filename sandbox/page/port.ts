import type { Graph } from '../../src/core/graph.ts';
import type { StateReading } from '../../src/core/states.ts';
import type { SandboxClock } from '../clock.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What the page needs of the sandbox, and nothing more of it. */

/** A comment as it stands now; `reactions` are GitHub's contents: `eyes`, `rocket`, `+1` … */
export interface ThreadComment {
  id: number;
  by: string;
  bot: boolean;
  at: string;
  editedAt: string | null;
  body: string;
  reactions: string[];
  /** Why it is folded away, in GitHub's words (`outdated`); null where it is not. */
  minimized: string | null;
  pinned: boolean;
}

export interface ThreadIssue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
  by: string;
  at: string;
}

/** A webhook that was sent. */
interface SentDelivery {
  guid: string;
  event: string;
  action: string;
  /** Null where it got no answer, or none yet. */
  status: number | null;
  payload: Record<string, unknown>;
}

/** The issue as a person sees it and acts on it; all acts reject where the person may not. */
export interface ThreadPort {
  issue(issue: number): ThreadIssue;
  thread(issue: number): ThreadComment[];
  /** Writes as a person would; the webhook goes out as usual. */
  comment(by: string, issue: number, body: string): Promise<{ commentId: number }>;
  editComment(by: string, comment: number, body: string): Promise<unknown>;
  label(by: string, issue: number, change: { add?: string; remove?: string }): Promise<unknown>;
  closeIssue(by: string, issue: number): Promise<unknown>;
  reopenIssue(by: string, issue: number): Promise<unknown>;
  deliveries: readonly SentDelivery[];
  redeliver(guid: string): Promise<SentDelivery>;
  /** Calls back after every change of issues, labels, comments or reactions; the result ends that. */
  onChange(listener: () => void): () => void;
}

/** A request of the app to one of the stand-ins. */
export interface SeenRequest {
  to: 'GitHub' | 'Google';
  /** Host of the API; null where there is none. */
  api: string | null;
  /** By the sandbox's clock. */
  at: string;
  method: string;
  path: string;
  /** Null while it is not answered, and where it never was. */
  status: number | null;
  /** Milliseconds of the machine; `endedAt` is null while it is not answered. */
  startedAt: number;
  endedAt: number | null;
}

/** Something that can be broken on purpose. */
export interface FaultSwitch {
  id: string;
  /** What breaks, in words. */
  what: string;
  /** Ways in which it can fail. */
  ways: readonly string[];
  /** The way in which it fails now; null where it works. */
  failing: string | null;
}

export interface FaultSwitches {
  list(): readonly FaultSwitch[];
  /** Breaks it in this way until it is mended with null. Throws where there is no such switch or way. */
  set(id: string, way: string | null): void;
}

/** A longer move of the clock that is under way. */
export interface ClockWalk {
  minutes: number;
  walked: number;
}

/** The components, what each needs, and how they were seen last. */
export interface SeenComponents {
  environment: string;
  types: Readonly<Record<string, string>>;
  graph: Graph;
  /** Time of the last look; null where there was none. */
  takenAt: string | null;
  states: Readonly<Record<string, StateReading>>;
}

/** One scenario that is being played. */
export interface PageScene {
  /** What it is chosen by. */
  name: string;
  scenario: Scenario;
  /** Number of the issue that the page shows. */
  focus: number;
  clock: SandboxClock;
  github: ThreadPort;
  requests(): SeenRequest[];
  faults: FaultSwitches;
  /** Null where the configuration cannot be read. */
  components(): Promise<SeenComponents | null>;
  /** Moves the clock on minute by minute, as the app would have lived through it; a second walk prolongs the first. */
  walk(minutes: number): void;
  walking(): ClockWalk | null;
}

/** A scenario that is being opened. */
export interface Opening {
  title: string;
  step: string;
}

/** What is played, and what could be. */
export interface PageStage {
  scene(): PageScene;
  scenarios: readonly { name: string; title: string }[];
  opening(): Opening | null;
  /** Why the scenario that was chosen last could not be opened; null where it could. */
  failure(): string | null;
  /** Begins to open another scenario, or the same one anew. Throws where one is being opened already, or there is none of that name. */
  open(name: string): void;
  /** Calls back after every change of what is played; the result ends that. */
  onChange(listener: () => void): () => void;
}
