/** Cutting an update to a length: whole rows of folded parts go, and whole pictures, so no table, fence or fold is ever broken. */

/** A view model whose texts are of the type `Leaf`. */
export type Tree<Leaf> =
  Leaf | number | boolean | null | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> };
type Model<Leaf> = { readonly [key: string]: Tree<Leaf> };
type FoldModel<Leaf> = Model<Leaf> & { readonly rows: readonly Tree<Leaf>[]; readonly omitted: number };

/** An update that does not fit, however much of its folded parts is cut. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/**
 * The text of the model if it has at most `limit` code points; otherwise with rows cut, from the last fold to the
 * first, as few as need be. Rows that are cited go after all others, and the picture of a fold before any of its rows,
 * which say the same.
 *
 * @throws where it does not fit even without any row.
 */
export function cutToFit<Leaf>(
  model: Tree<Leaf>,
  write: (model: Tree<Leaf>) => string,
  limit: number,
): string {
  let text = write(model);
  if (fits(text, limit)) return text;
  let rest = model;
  for (const { name, least } of cutsOf(model)) {
    const undrawn = withoutPicture(rest, name);
    if (undrawn !== rest) {
      rest = undrawn;
      text = write(rest);
      if (fits(text, limit)) return text;
    }
    const sizes = { least, all: rowsOf(rest, name).length, lengthOfAll: lengthOf(text) };
    const kept = mostThatFit(sizes, limit, (rows) => lengthOf(write(withRows(rest, name, rows))));
    rest = withRows(rest, name, kept ?? least);
    text = write(rest);
    if (kept !== null) return text;
  }
  throw new TooLongError(`an update is longer than ${limit} characters without its folded parts`);
}

/**
 * The folds in the order in which they are cut, the last first, and how many rows each keeps: what is cited only
 * goes when nothing else is left to cut.
 */
function cutsOf<Leaf>(model: Tree<Leaf>): { name: string; least: number }[] {
  const cuts = foldNames(model)
    .toReversed()
    .map((name) => ({ name, least: rowsOf(model, name).filter(isCited).length }));
  const cited = cuts.filter(({ least }) => least > 0);
  const others = cuts.filter(({ least }) => least === 0);
  return [...cited, ...others, ...cited.map(({ name }) => ({ name, least: 0 }))];
}

/**
 * The largest number of rows below all that fits; null where not even the least does. Rows are of much the same length,
 * so the next guess lies where a straight line between the bounds meets the limit: a few renderings are enough.
 */
function mostThatFit(
  { least, all, lengthOfAll }: { least: number; all: number; lengthOfAll: number },
  limit: number,
  lengthAt: (rows: number) => number,
): number | null {
  let fitting = { rows: least, length: lengthAt(least) };
  let tooMany = { rows: all, length: lengthOfAll };
  if (fitting.length > limit) return null;
  while (tooMany.rows - fitting.rows > 1) {
    const share = (limit - fitting.length) / (tooMany.length - fitting.length);
    const guess = fitting.rows + Math.round(share * (tooMany.rows - fitting.rows));
    const rows = Math.min(tooMany.rows - 1, Math.max(fitting.rows + 1, guess));
    const tried = { rows, length: lengthAt(rows) };
    if (tried.length <= limit) fitting = tried;
    else tooMany = tried;
  }
  return fitting.rows;
}

function fits(text: string, limit: number): boolean {
  return text.length <= limit || lengthOf(text) <= limit;
}

/** Length in code points, as GitHub counts. */
function lengthOf(text: string): number {
  let length = text.length;
  for (const [pair] of text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) length -= pair.length - 1;
  return length;
}

function foldNames<Leaf>(model: Tree<Leaf>): string[] {
  const folds = isModel(model) ? model['folds'] : undefined;
  return isModel(folds) ? Object.keys(folds).filter((name) => isFold(folds[name])) : [];
}

function rowsOf<Leaf>(model: Tree<Leaf>, name: string): readonly Tree<Leaf>[] {
  const folds = isModel(model) ? model['folds'] : undefined;
  const fold = isModel(folds) ? folds[name] : undefined;
  return isFold(fold) ? fold.rows : [];
}

function withoutPicture<Leaf>(model: Tree<Leaf>, name: string): Tree<Leaf> {
  const folds = isModel(model) ? model['folds'] : undefined;
  const fold = isModel(folds) ? folds[name] : undefined;
  if (!isModel(model) || !isModel(folds) || !isFold(fold) || !isModel(fold['picture'])) return model;
  return { ...model, folds: { ...folds, [name]: { ...fold, picture: null } } };
}

function withRows<Leaf>(model: Tree<Leaf>, name: string, count: number): Tree<Leaf> {
  const folds = isModel(model) ? model['folds'] : undefined;
  if (!isModel(model) || !isModel(folds)) return model;
  const fold = folds[name];
  if (!isFold(fold)) return model;
  const cut = {
    ...fold,
    rows:
      fold['newestLast'] === true ? fold.rows.slice(fold.rows.length - count) : firstRows(fold.rows, count),
    omitted: fold.omitted + fold.rows.length - count,
  };
  return { ...model, folds: { ...folds, [name]: cut } };
}

/** The rows to keep in their order: cited ones if there is not room for all. */
function firstRows<Leaf>(rows: readonly Tree<Leaf>[], count: number): Tree<Leaf>[] {
  const byWorth = [...rows.filter(isCited), ...rows.filter((row) => !isCited(row))];
  const kept = new Set(byWorth.slice(0, count));
  return rows.filter((row) => kept.has(row));
}

function isCited<Leaf>(row: Tree<Leaf>): boolean {
  return isModel(row) && row['cited'] === true;
}

function isModel<Leaf>(value: Tree<Leaf> | undefined): value is Model<Leaf> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFold<Leaf>(value: Tree<Leaf> | undefined): value is FoldModel<Leaf> {
  return isModel(value) && Array.isArray(value['rows']) && typeof value['omitted'] === 'number';
}
