/** What is wrong at a place of a scenario, and what to do about it. */
export interface ScenarioProblem {
  path: (string | number)[];
  what: string;
  remedy: string;
}

export type Problems = Iterable<ScenarioProblem>;
export type Path = (string | number)[];

/** States come in the order of their times; only the first may always have held. */
export function* inOrder(states: readonly { from?: string | undefined }[], path: Path): Problems {
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, { from }] of states.entries()) {
    const time = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
    if (index > 0 && time <= previous) {
      const what =
        from === undefined
          ? 'only the first state may lack "from"'
          : 'it does not begin after the one before';
      yield { path: [...path, index], what, remedy: 'Put the states in the order of their times.' };
    }
    previous = time;
  }
}
