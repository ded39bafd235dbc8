import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { regressionLines } from '../../../src/core/compose/regression-lines.ts';
import type { WhyStep } from '../../../src/core/diagnosis.ts';
import type { EarlierFix } from '../../../src/core/regression/fix.ts';
import type { Match } from '../../../src/core/regression/match.ts';
import { toMarkdown } from '../../../src/templates/markdown.ts';
import { unsourcedFigures } from '../../templates/provenance.ts';

const match: Match = {
  issue: 1263,
  title: 'Backend times out',
  url: 'https://github.com/netra-systems/netra-apex/issues/1263',
  closedAt: '2025-09-12T16:45:00Z',
  score: 0.86,
  signatures: 0.92,
  components: 0.67,
  text: 0.12,
  lines: [
    { line: 'RuntimeError: Database connection validation timeout exceeded (15s)', evidence: ['E5'] },
    { line: 'CartError: cart is locked', evidence: ['E7'] },
  ],
  shared: ['connector', 'db'],
  otherCause: null,
};

const chain: WhyStep[] = [
  {
    question: '',
    answer: '',
    effect: { component: 'auth', signal: 'status' },
    cause: { component: 'connector', signal: 'instances' },
    edge: 'depends_on',
    evidence: ['E6'],
    share: null,
    confidence: 'probable',
  },
];

const fix: EarlierFix = {
  standing: 'reverted',
  pullRequest: { number: 1265, title: 'Raise the timeout to 75 s' },
  partial: false,
  why: null,
  evidence: ['E8'],
};

function shown(model: unknown): string | null {
  const markdown = model === null ? null : toMarkdown(model);
  return markdown instanceof Handlebars.SafeString ? markdown.toHTML() : null;
}

function lines(similar: Match[] = [], of: EarlierFix | null = fix, regression: Match | null = match) {
  return regressionLines({ regression, similar }, of, { chain, second: null }, 'full');
}

describe('the lines of a regression', () => {
  it('tell the score, the shared lines and the path, with their evidence', () => {
    expect(shown(lines().same)).toMatchInlineSnapshot(
      `"**Same as #1263**, score 0.86: 92 % of the error entries \`RuntimeError: Database connection validation timeout exceeded (15s)\` (E5) and 1 more; path \`connector\` → \`db\` (E6)"`,
    );
  });

  it.each([
    ['reverted', fix],
    ['partly reverted', { ...fix, standing: 'partly reverted', partial: true }],
    ['in place', { ...fix, standing: 'in place' }],
    ['changed since', { ...fix, standing: 'changed since' }],
    [
      'unknown',
      {
        ...fix,
        standing: 'unknown',
        pullRequest: null,
        why: 'no merged pull request is known to have closed #1263',
      },
    ],
  ] as const)('tell that the fix is %s', (_, of) => {
    expect(shown(lines([], of).fix)).toMatchSnapshot();
  });

  it('say how to undo it', () => {
    expect(shown(lines().wrong)).toBe('**Wrong match?** `/sitrep not-regression` undoes label and severity');
  });

  it('tell what is similar, and why that is no regression where it is known', () => {
    const similar = [
      { ...match, issue: 1201, score: 0.41 },
      { ...match, issue: 1187, score: 0.38, otherCause: 'out-of-memory' },
      { ...match, issue: 1150, score: 0.3, closedAt: null },
    ];
    expect(shown(lines(similar, null, null).similar)).toMatchInlineSnapshot(
      `"**Similar:** #1201 (0.41), #1187 (0.38; was \`out-of-memory\`), #1150 (0.30; still open); by wording, errors and components"`,
    );
    expect(lines(similar, null, null)).toMatchObject({ same: null, fix: null, wrong: null });
  });

  it('have a source for each figure', () => {
    const { same, fix: of, similar } = lines([{ ...match, issue: 1201, score: 0.41 }]);
    for (const line of [same, of, similar]) expect(unsourcedFigures(shown(line) ?? '')).toEqual([]);
  });

  it('print an error line as code, whatever it holds', () => {
    const hostile = { ...match, lines: [{ line: '@all [x](http://evil) `a` <img>', evidence: ['E5'] }] };
    const written = shown(lines([], fix, hostile).same) ?? '';
    expect(written).not.toMatch(/(?<!`[^`]*)<img>/);
    expect(written).toContain('(E5)');
  });
});
