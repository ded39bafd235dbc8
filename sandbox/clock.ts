/** The sandbox's time: stands still until it is moved, or runs on from a moment with the machine's clock. */
export interface SandboxClock {
  now(): Date;
  advance(milliseconds: number): void;
}

/** A clock that stands still between advances: two plays of one script give the same text. */
export function frozenClock(start: Date): SandboxClock {
  let time = start.getTime();
  return {
    now: () => new Date(time),
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** A clock that starts at `start` and runs as `machine` does. */
export function runningClock(start: Date, machine: () => number): SandboxClock {
  let offset = start.getTime() - machine();
  return {
    now: () => new Date(machine() + offset),
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}
