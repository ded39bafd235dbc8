/** Of a template, or of Handlebars' about it: shown as a code span. */
export function asCode(text: string): string {
  return `\`${text
    .replaceAll(/[`\s]+/gu, ' ')
    .trim()
    .slice(0, 160)}\``;
}
