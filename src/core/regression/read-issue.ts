import type { Configuration } from '../../config/repository.schema.ts';
import { signatureId } from './comparable.ts';
import type { EarlierIncident } from './earlier-incident.ts';
import { ownBlocks } from './issue-blocks.ts';
import { errorLinesOf, isCommands } from './issue-lines.ts';
import { componentNamer } from './named-components.ts';
import { statedCause } from './stated-cause.ts';

/** A comment of an issue, redacted. */
export interface IssueComment {
  /** UTC. */
  at: string;
  text: string;
}

/** An issue as GitHub has it, its texts redacted. */
export interface IssueToRead {
  issue: number;
  title: string;
  url: string;
  openedAt: string;
  closedAt: string | null;
  labels: string[];
  body: string;
  /** The comments, the oldest first; old bots' count as people's. */
  comments: readonly IssueComment[];
}

/** How much of the own text is kept, in characters. */
const textLength = 8_000;

/** Longest line that is kept, in characters. */
const lineLength = 400;

/** Gives a function that reads issues as earlier incidents of a repository with this configuration. */
export function issueReader(configuration: Configuration): (issue: IssueToRead) => EarlierIncident {
  const componentsNamed = componentNamer(configuration);
  return ({ body, comments, ...issue }) => {
    const blocks = [body, ...comments.map(({ text }) => text)].flatMap(ownBlocks);
    const lines = errorLinesOf(blocks).map((line) => ({
      id: signatureId(line),
      line: line.slice(0, lineLength),
      frame: null,
    }));
    const signatures = Map.groupBy(
      lines.filter(({ id }) => id !== ''),
      ({ id }) => id,
    );
    return {
      ...issue,
      signatures: [...signatures.values()].flatMap((alike) => alike.slice(0, 1)),
      components: componentsNamed(blocks, issue.title),
      cause: statedCause(blocks),
      text: blocks
        .filter((block) => !isCommands(block))
        .flatMap((block) => block.lines)
        .join('\n')
        .slice(0, textLength),
      source: 'read',
    };
  };
}
