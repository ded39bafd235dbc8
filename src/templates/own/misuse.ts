import Handlebars from 'handlebars';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import { asCode } from './as-code.ts';

/**
 * What parses and can only fail when it is run: partials and helpers that are nowhere, helpers with too few or too many
 * arguments. Handlebars finds it one by one when it is run, and mostly without its place.
 */

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** How each helper is called, and with how many arguments. */
const helpers: ReadonlyMap<string, { isBlock: boolean; takes: number }> = new Map([
  ['if', { isBlock: true, takes: 1 }],
  ['unless', { isBlock: true, takes: 1 }],
  ['each', { isBlock: true, takes: 1 }],
  ['with', { isBlock: true, takes: 1 }],
  ['lookup', { isBlock: false, takes: 2 }],
]);

const names = [...helpers.keys()].join(', ');

/** Names of the partials that a file defines for itself. @throws where it does not parse. */
export function inlinePartials(text: string): string[] {
  const found: string[] = [];
  class Inline extends Handlebars.Visitor {
    override DecoratorBlock(block: hbs.AST.DecoratorBlock): void {
      const [name] = block.params;
      if (name !== undefined && 'value' in name && typeof name.value === 'string') found.push(name.value);
      super.DecoratorBlock(block);
    }
  }
  new Inline().accept(Handlebars.parse(text));
  return found;
}

/** Every misuse in a file, in its order. @throws where it does not parse. */
export function misusesIn(file: string, text: string, partials: ReadonlySet<string>): TemplateProblem[] {
  const found: TemplateProblem[] = [];

  function fault({ loc }: hbs.AST.Node, message: string, remedy: string): void {
    const { line, column } = loc.start;
    found.push({ code: 'template-misuse', file, message, line, column: column + 1, remedy });
  }

  function call(node: Call): void {
    const name = 'original' in node.path && typeof node.path.original === 'string' ? node.path.original : '';
    const helper = helpers.get(name);
    const isCall = node.type === 'SubExpression' || node.params.length > 0 || node.hash !== undefined;
    if (helper === undefined) {
      if (isCall)
        fault(node, `uses the helper ${asCode(name)}, which there is not`, `the helpers are ${names}`);
      return;
    }
    if ((node.type === 'BlockStatement') !== helper.isBlock)
      fault(
        node,
        `uses the helper ${asCode(name)} as what it is not`,
        helper.isBlock
          ? `write {{#${name} …}} … {{/${name}}}`
          : `write {{${name} …}}, or (${name} …) in a tag`,
      );
    else if (node.params.length !== helper.takes)
      fault(
        node,
        `gives the helper ${asCode(name)} too ${node.params.length < helper.takes ? 'few' : 'many'} arguments`,
        `it takes ${String(helper.takes)}`,
      );
  }

  function decorator(node: hbs.AST.Node): void {
    fault(node, 'uses a decorator that there is not', 'the only one is {{#*inline "name"}} … {{/inline}}');
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
      const name = 'original' in node.name ? node.name.original : null;
      if (name !== null && name !== '@partial-block' && !partials.has(name))
        fault(
          node,
          `uses the partial ${asCode(name)}, which there is not`,
          `add partials/${name}.hbs, or use one of the built-in ones`,
        );
      super.PartialStatement(node);
    }
    override Decorator(node: hbs.AST.Decorator): void {
      decorator(node);
      super.Decorator(node);
    }
    override DecoratorBlock(node: hbs.AST.DecoratorBlock): void {
      if (!('original' in node.path) || node.path.original !== 'inline') decorator(node);
      super.DecoratorBlock(node);
    }
  }

  new Walk().accept(Handlebars.parse(text));
  return found;
}
