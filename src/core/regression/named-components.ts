import type { Component, Configuration } from '../../config/repository.schema.ts';
import { subjectsOf } from '../contradictions/claims/subjects.ts';
import type { Block } from './issue-blocks.ts';

/** Says that something works: what is named only so is not part of the trouble. */
const fine =
  /\b(?:healthy|fine|ok|okay|unaffected|green|untouched|operational|not (?:affected|involved|impacted|the (?:cause|problem|culprit))|works?|working|(?:is|are) up|no (?:issues?|problems?))\b/i;

/** Turns the former round. */
const notFine =
  /\b(?:not (?:healthy|fine|ok|okay|working|operational)|no longer|doesn'?t work|does not work|un(?:healthy)|stopped)\b/i;

/** A box that nobody ticked, as in the list of a template. */
const unticked = /^\s*[-*+]\s\[ \]\s/;

/** Gives the components that blocks of an issue name as part of the trouble, in the order of the configuration. */
export function componentNamer(
  configuration: Configuration,
): (blocks: readonly Block[], title: string) => string[] {
  const patterns = patternsOf(configuration);
  const ids = Object.keys(configuration.components);
  return (blocks, title) => {
    const sentences = [title, ...blocks.flatMap(sentencesOf)].map((sentence) => sentence.toLowerCase());
    const named = new Set(
      patterns
        .filter(({ pattern }) => sentences.some((sentence) => pattern.test(sentence)))
        .map(({ component }) => component),
    );
    return ids.filter((id) => named.has(id));
  };
}

function sentencesOf({ kind, lines }: Block): string[] {
  if (kind === 'code') return [...lines];
  return lines
    .filter((line) => !unticked.test(line))
    .flatMap((line) => line.split(/(?<=[.!?;])\s+|,?\s(?:but|while|whereas)\s/))
    .filter((sentence) => !fine.test(sentence) || notFine.test(sentence));
}

interface Named {
  component: string;
  pattern: RegExp;
}

/** Every name of every component: ids, the provider's names, hosts, and words for a type of which there is one. */
function patternsOf(configuration: Configuration): Named[] {
  const subjects = [...subjectsOf(configuration).values()]
    .flat()
    .map(({ words, component }) => ({ component, name: words.join(' ') }));
  const hosts = Object.entries(configuration.components).flatMap(([component, own]) =>
    hostOf(own).map((name) => ({ component, name })),
  );
  return [...subjects, ...hosts].map(({ component, name }) => ({ component, pattern: wholeName(name) }));
}

function hostOf(component: Component): string[] {
  return component.type === 'http' || component.type === 'websocket'
    ? [new URL(component.url).host.toLowerCase()]
    : [];
}

/** The name as a whole, the name of a revision of it included: `auth` is not named by `auth-legacy`. */
function wholeName(name: string): RegExp {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\w-])${escaped}(?:-\d{5}-[a-z0-9]{3})?(?![\w-])`);
}
