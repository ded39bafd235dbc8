import type { Rendered } from './markdown.ts';

/** Cutting an update to a length: whole rows of folded parts go, so no table, fence or fold is ever broken. */

type Model = { readonly [key: string]: Rendered };
type FoldModel = Model & { readonly rows: readonly Rendered[]; readonly omitted: number };

/**
 * The text of the model if it has at most `limit` code points; otherwise with rows cut, from the last fold to the
 * first, as few as need be. Rows that are cited go after those that are not.
 *
 * @throws where it does not fit even without any row.
 */
export function cutToFit(model: Rendered, write: (model: Rendered) => string, limit: number): string {
  let text = write(model);
  if (fits(text, limit)) return text;
  let rest = model;
  for (const name of foldNames(model).toReversed()) {
    const size = rowsOf(rest, name);
    const kept = mostThatFit(size, (rows) => fits(write(withRows(rest, name, rows)), limit));
    rest = withRows(rest, name, Math.max(0, kept));
    text = write(rest);
    if (kept >= 0) return text;
  }
  throw new Error(`an update is longer than ${limit} characters without its folded parts`);
}

/** The largest number of rows below `size` that fits; -1 where not even none does. */
function mostThatFit(size: number, isFit: (rows: number) => boolean): number {
  let [fitting, tooMany] = [-1, size];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (isFit(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

function fits(text: string, limit: number): boolean {
  return text.length <= limit || Array.from(text).length <= limit;
}

function foldNames(model: Rendered): string[] {
  const folds = isModel(model) ? model['folds'] : undefined;
  return isModel(folds) ? Object.keys(folds).filter((name) => isFold(folds[name])) : [];
}

function rowsOf(model: Rendered, name: string): number {
  const folds = isModel(model) ? model['folds'] : undefined;
  const fold = isModel(folds) ? folds[name] : undefined;
  return isFold(fold) ? fold.rows.length : 0;
}

function withRows(model: Rendered, name: string, count: number): Rendered {
  const folds = isModel(model) ? model['folds'] : undefined;
  if (!isModel(model) || !isModel(folds)) return model;
  const fold = folds[name];
  if (!isFold(fold)) return model;
  const cut = {
    ...fold,
    rows: firstRows(fold.rows, count),
    omitted: fold.omitted + fold.rows.length - count,
  };
  return { ...model, folds: { ...folds, [name]: cut } };
}

/** The rows to keep in their order: cited ones if there is not room for all. */
function firstRows(rows: readonly Rendered[], count: number): Rendered[] {
  const byWorth = [...rows.filter(isCited), ...rows.filter((row) => !isCited(row))];
  const kept = new Set(byWorth.slice(0, count));
  return rows.filter((row) => kept.has(row));
}

function isCited(row: Rendered): boolean {
  return isModel(row) && row['cited'] === true;
}

function isModel(value: Rendered | undefined): value is Model {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFold(value: Rendered | undefined): value is FoldModel {
  return isModel(value) && Array.isArray(value['rows']) && typeof value['omitted'] === 'number';
}
