import { celRecord } from './cel.ts';
import type { Facts } from './facts.ts';
import { missing, text } from './figure.ts';
import type { Known, Missing } from './figure.ts';
import type { Ledger, Place } from './ledger.ts';
import { celNames } from './names.ts';
import type { CelName } from './names.ts';
import { causesOf, elementReaders, figureReaders } from './readings.ts';

/** Figures that stand in for those of the snapshot, by name. */
export type Assumed = ReadonlyMap<string, Known>;

/** One element of a list or map, which stands for the whole of it. */
export interface Only {
  name: string;
  element: string;
}

/** What one evaluation reads from and writes its readings to. */
interface Evaluated {
  facts: Facts;
  ledger: Ledger;
  assumed: Assumed;
  only: Only | null;
}

/** The values of all names for one evaluation, each read when the expression asks for it, and once. */
export function celContext(
  facts: Facts,
  ledger: Ledger,
  assumed: Assumed = new Map(),
  only: Only | null = null,
): object {
  const context = {};
  const elements = new Map<string, unknown>();
  for (const [name, entry] of Object.entries(celNames)) {
    const read = (): unknown => valueOf(name, entry, { facts, ledger, assumed, only });
    const isMany = entry.shape === 'list' || entry.shape === 'map';
    const get = (): unknown => {
      if (!isMany) return read();
      if (!elements.has(name)) elements.set(name, read());
      return elements.get(name);
    };
    Object.defineProperty(context, name, { get });
  }
  return context;
}

function valueOf(name: string, entry: CelName, evaluated: Evaluated): unknown {
  switch (entry.shape) {
    case 'value':
      return takeFigure(name, null, evaluated);
    case 'record':
      return celRecord(name, (field) => takeFigure(name, field, evaluated));
    case 'list': {
      const elements = [...elementsOf(name, evaluated).values()];
      return elements.length > 0 ? elements : evaluated.ledger.take(whole(name), noElements);
    }
    case 'map':
      return elementsOf(name, evaluated);
    case 'strings':
      return causeList(name, evaluated);
  }
}

const noElements = (): Missing =>
  missing('no component of that type is configured, and a condition over none proves nothing');

function whole(name: string): Place {
  return { name, element: null, field: null };
}

function takeFigure(name: string, field: string | null, { facts, ledger, assumed }: Evaluated): unknown {
  const path = field === null ? name : `${name}.${field}`;
  return ledger.take(
    { name, element: null, field },
    () => assumed.get(path) ?? figureReaders[path]?.(facts) ?? missing('nothing reads it'),
  );
}

/** The records of a list or a map by their ids. */
function elementsOf(name: string, { facts, ledger, only }: Evaluated): Map<string, object> {
  const elements = elementReaders[name]?.(facts) ?? [];
  const asked = elements.filter(({ id }) => only?.name !== name || only.element === id);
  return new Map(
    asked.map(({ id, read }): [string, object] => [
      id,
      celRecord(name, (field) => ledger.take({ name, element: id, field }, () => read(field))),
    ]),
  );
}

/**
 * The causes found. Whether one that could not be tested is among them is unknown, and so is all that is asked
 * of the list as a whole while there is such a one. CEL's `in` asks `has` first and goes through the elements
 * after a no, which therefore counts for the one question only.
 */
function causeList(name: string, { facts, ledger }: Evaluated): unknown {
  const causes = causesOf(facts);
  if (causes === null) return ledger.take(whole(name), () => missing('there is no diagnosis'));
  const { found, untested, evidence } = causes;
  const takeFound = (): unknown => ledger.take(whole(name), () => text(found.join(', '), evidence));
  const refuse = (cause: string): unknown =>
    ledger.take({ name, element: 'cause', field: cause }, () => missing('it could not be tested'));
  const takeAll = (): void => {
    takeFound();
    for (const cause of untested) refuse(cause);
  };
  let asked = false;
  return Object.defineProperties(new Set(found), {
    has: {
      value: (cause: string) => {
        if (untested.has(cause)) refuse(cause);
        takeFound();
        asked = true;
        return found.includes(cause);
      },
    },
    size: { get: () => (takeAll(), found.length) },
    [Symbol.iterator]: {
      value: () => {
        if (!asked) takeAll();
        asked = false;
        return found[Symbol.iterator]();
      },
    },
  });
}
