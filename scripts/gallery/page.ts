/** An update as a page of the repository: there a new line is none, unlike in a comment. */
export function asPage(markdown: string): string {
  const lines = markdown.trimEnd().split('\n');
  let fence: string | null = null;
  return lines
    .map((line, index) => {
      const mark = /^(`{3,})/u.exec(line)?.[1];
      if (fence !== null) {
        if (line === fence) fence = null;
        return line;
      }
      if (mark !== undefined) {
        fence = mark;
        return line;
      }
      return runsOn(line, lines[index + 1] ?? '') ? `${line}\\` : line;
    })
    .join('\n');
}

/** Whether a line and the next one are of one paragraph, so that a break has to be written. */
function runsOn(line: string, next: string): boolean {
  return isText(line) && isText(next) && !/^(?:- |\d+\. )/u.test(next);
}

function isText(line: string): boolean {
  return line.trim() !== '' && !/^(?:#|\||<\/?details|`{3})/u.test(line);
}
