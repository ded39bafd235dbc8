import type { OwnTemplates } from '../../core/own-templates/own-templates.ts';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import type { Tree } from '../fit.ts';

/** What goes to a thread that runs templates of repositories, and what comes back. */

/** A neutralised view model as plain data: every text is Markdown that may stand anywhere. */
export type PlainModel = Tree<string>;

type Templates = Pick<OwnTemplates, 'kinds' | 'partials' | 'refused'>;

/** To render one update, at most `limit` code points long. */
export interface RenderJob {
  kind: string;
  templates: Templates;
  model: PlainModel;
  limit: number;
}

/** The text, or why there is none. */
export type RenderResult = { text: string } | { problem: TemplateProblem };

/** What a thread says: first that it is ready, then one result a job. */
export type ThreadMessage = 'ready' | RenderResult;
