import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** A reaction on a command, to be given when the comment that answers it is out. */
export interface Acknowledgement {
  /** Comment that holds the command. */
  commentId: number;
  /** GitHub's name of the reaction. */
  content: string;
}

/** Notes a reaction that follows a publication; once, however often it is noted. */
export async function oweAcknowledgement(
  db: Kysely<Database>,
  publicationId: string,
  { commentId, content }: Acknowledgement,
): Promise<void> {
  await db
    .insertInto('acknowledgement')
    .values({ publication_id: publicationId, comment_id: commentId, content, given_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The reactions of a publication that were not given yet. */
export async function owedAcknowledgements(
  db: Kysely<Database>,
  publicationId: string,
): Promise<Acknowledgement[]> {
  const rows = await db
    .selectFrom('acknowledgement')
    .select(['comment_id', 'content'])
    .where('publication_id', '=', publicationId)
    .where('given_at', 'is', null)
    .orderBy('comment_id')
    .execute();
  return rows.map(({ comment_id: commentId, content }) => ({ commentId, content }));
}

/** Records that a reaction was given, or that GitHub takes none there. */
export async function settleAcknowledgement(
  db: Kysely<Database>,
  publicationId: string,
  { commentId, content }: Acknowledgement,
  at: Date,
): Promise<void> {
  await db
    .updateTable('acknowledgement')
    .set({ given_at: at })
    .where('publication_id', '=', publicationId)
    .where('comment_id', '=', commentId)
    .where('content', '=', content)
    .execute();
}
