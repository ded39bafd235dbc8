import { z } from 'zod';
import type { Diagram } from '../diagram.ts';
import type { Fence, Label, Text } from '../text.ts';

/** What a template sees of a value of a view model: every text is a string of Markdown that was neutralised. */
export type View<Model> = Model extends Text | Label | Fence | Diagram
  ? string
  : Model extends readonly (infer Item)[]
    ? View<Item>[]
    : Model extends object
      ? { -readonly [Key in keyof Model]: View<Model[Key]> }
      : Model;

/** Whether two types are the same; `true` where they are. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

export const text = z.string().meta({
  id: 'Text',
  description:
    'Markdown of one line. May stand anywhere: within a line, in a table cell, behind a line break. Figures end with the ids of their evidence.',
  examples: ['**503** since 17:09 (E3)'],
});

const label = z.string().meta({
  id: 'Label',
  description: 'Words and figures only: for a <summary>, in which Markdown does not count.',
  examples: ['Components: 2 failing'],
});

export const fence = z.string().meta({
  id: 'Fence',
  description: 'A code fence of several lines, its signs included. It must begin at the edge of the text.',
  examples: ['```bash\ngcloud run services list\n```'],
});

/** Pictures, and what has to be said of them. */
const picture = z
  .strictObject({
    diagrams: z.array(fence),
    caption: text.nullable(),
  })
  .meta({ id: 'Picture', description: 'Mermaid in its fences. The rows below say the same.' });

/** A folded part with rows of this shape; the schema has it under the name. */
export function fold<Row extends z.core.$ZodShape>(name: string, row: Row) {
  return foldWith(name, row, {});
}

/** One that has more than its rows. */
export function foldWith<Row extends z.core.$ZodShape, More extends z.core.$ZodShape>(
  name: string,
  row: Row,
  more: More,
) {
  const shape = {
    summary: label,
    rows: z.array(z.strictObject(row)),
    omitted: z.int().min(0).meta({ description: 'Rows that were cut, since the update was too long.' }),
    newestLast: z.boolean().exactOptional(),
  };
  return z.strictObject({ ...shape, ...more }).meta({ id: `fold-${name}` });
}

/** A folded part with pictures above its rows. */
export function drawn<Row extends z.core.$ZodShape, More extends z.core.$ZodShape>(
  name: string,
  row: Row,
  more: More,
) {
  return foldWith(name, row, { picture: picture.nullable(), ...more });
}
