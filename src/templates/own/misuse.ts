import Handlebars from 'handlebars';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';

/**
 * What parses and can only fail when it is run: partials that are nowhere, helpers with too few or too many arguments.
 * Handlebars finds it at run time, without its place.
 */

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;
type Part = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;

/** Arguments that each helper takes. */
const argumentsOf: ReadonlyMap<string, number> = new Map([
  ['if', 1],
  ['unless', 1],
  ['each', 1],
  ['with', 1],
  ['lookup', 2],
]);

/** Names of the partials that a file defines for itself. */
export function inlinePartials(text: string): string[] {
  const names: string[] = [];
  class Inline extends Handlebars.Visitor {
    override DecoratorBlock(block: hbs.AST.DecoratorBlock): void {
      const [name] = block.params;
      if (name !== undefined && 'value' in name && typeof name.value === 'string') names.push(name.value);
      super.DecoratorBlock(block);
    }
  }
  new Inline().accept(Handlebars.parse(text));
  return names;
}

/** The first misuse in a file that parses; null for none. */
export function misuseOf(file: string, text: string, partials: ReadonlySet<string>): TemplateProblem | null {
  let found: TemplateProblem | null = null;

  function fault({ loc }: hbs.AST.Node, message: string, remedy: string): void {
    const { line, column } = loc.start;
    found ??= { code: 'template-misuse', file, message, line, column: column + 1, remedy };
  }

  function call(node: Call): void {
    if (node.path.type !== 'PathExpression') return;
    const name = 'original' in node.path && typeof node.path.original === 'string' ? node.path.original : '';
    const wanted = argumentsOf.get(name);
    if (wanted === undefined) return;
    const isBlock = node.type === 'BlockStatement';
    if (isBlock !== (name !== 'lookup'))
      fault(
        node,
        `uses ${name} as what it is not`,
        isBlock ? `write (${name} …) within another one` : `write {{#${name} …}} … {{/${name}}}`,
      );
    else if (node.params.length !== wanted)
      fault(
        node,
        `gives ${name} ${String(node.params.length)} arguments, not ${String(wanted)}`,
        'see docs/templates.md for the helpers',
      );
  }

  function part({ name, ...node }: Part): void {
    const called = name.type === 'PathExpression' && 'original' in name ? name.original : null;
    if (called === null || called === '@partial-block' || partials.has(called)) return;
    fault(
      node,
      `uses the partial ${called}, which there is not`,
      `add partials/${called}.hbs, or use one of the built-in ones`,
    );
  }

  class Walk extends Handlebars.Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      call(node);
      super.MustacheStatement(node);
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      call(node);
      super.BlockStatement(node);
    }
    override SubExpression(node: hbs.AST.SubExpression): void {
      call(node);
      super.SubExpression(node);
    }
    override PartialStatement(node: hbs.AST.PartialStatement): void {
      part(node);
      super.PartialStatement(node);
    }
    override Decorator(node: hbs.AST.Decorator): void {
      fault(node, 'uses a decorator that there is not', 'the only one is {{#*inline "name"}}');
      super.Decorator(node);
    }
    override DecoratorBlock(node: hbs.AST.DecoratorBlock): void {
      const { path } = node;
      if (!('original' in path) || path.original !== 'inline')
        fault(node, 'uses a decorator that there is not', 'the only one is {{#*inline "name"}}');
      super.DecoratorBlock(node);
    }
  }

  new Walk().accept(Handlebars.parse(text));
  return found;
}
