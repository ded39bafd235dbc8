import type { VariableName } from './variables.ts';

/** What is wrong with the environment, and what to do about it. */
export interface EnvironmentError {
  variable: VariableName;
  message: string;
  remedy: string;
}

/** What the environment says, or all that is wrong with it. */
export type EnvironmentReading<Value> = { value: Value } | { errors: EnvironmentError[] };

/** The value of a variable without blanks around it; null where it is empty or not set. */
export type ReadVariable = (name: VariableName) => string | null;

/** Takes the faults as they are found. */
export interface Faults {
  /** The message follows the variable's name. It never holds the value of a secret. */
  add(variable: VariableName, message: string, remedy: string): void;
}

/** What could be read, beside all that is wrong: where a variable is wrong, the value holds what stands for nothing. */
export interface FaultyReading<Value> {
  value: Value;
  errors: EnvironmentError[];
}

/** Reads variables with `build`; its value counts only where it found no fault. */
export function collectFaults<Value>(
  environment: Readonly<Record<string, string | undefined>>,
  build: (read: ReadVariable, faults: Faults) => Value,
): EnvironmentReading<Value> {
  const { value, errors } = readDespiteFaults(environment, build);
  return errors.length === 0 ? { value } : { errors };
}

/** Reads variables with `build`, for who looks at what is right as well as at what is wrong. */
export function readDespiteFaults<Value>(
  environment: Readonly<Record<string, string | undefined>>,
  build: (read: ReadVariable, faults: Faults) => Value,
): FaultyReading<Value> {
  const errors: EnvironmentError[] = [];
  const read: ReadVariable = (name) => environment[name]?.trim() || null;
  const value = build(read, {
    add: (variable, message, remedy) => errors.push({ variable, message: `${variable} ${message}`, remedy }),
  });
  return { value, errors };
}
