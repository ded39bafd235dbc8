/** A frame of a traceback. */
interface Frame {
  function: string;
  /** File, class or package, without line numbers. */
  place: string;
  /** Whether it is the application's own, and not a library's or the runtime's. */
  own: boolean;
}

/** Longest line of a traceback that is looked at, in characters. */
const longest = 500;

const python = /^\s+File "([^"\n]{1,300})", line \d{1,9}(?:, in (\S{1,200}))?/;
const pythonForeign = /(?:site|dist)-packages|^<|\/lib\/python|\/lib64\/python/;

const javascript =
  /^\s+at (?:async )?(?:(.{1,200}) \()?((?:file:\/\/|webpack:\/\/)?[^\s()]{1,300}?):\d{1,9}:\d{1,9}\)?$/;
const javascriptForeign = /node_modules|^node:|^internal\/|^<anonymous>/;

const java = /^\s+at ([\w$./@]{1,300})\.([\w$<>]{1,200})\(([\w$.-]{1,200})(?::\d{1,9})?\)/;
const javaForeign =
  /^(?:[\w.@]{1,40}\/)?(?:javax?|jdk|sun|com\.sun|kotlinx?|scala|groovy|reactor|io\.(?:netty|grpc|micrometer|micronaut|quarkus|vertx)|org\.(?:springframework|apache|hibernate|eclipse|postgresql|jboss)|com\.(?:zaxxer|google|fasterxml|mysql))\./;

const goFunction = /^([\w./~*()-]{1,300}\.[\w.*()-]{1,200})\((?:[^()]{0,300})\)$/;
const goFile = /^\t(\S{1,300}):\d{1,9}(?: \+0x[0-9a-f]{1,16})?$/;
const goForeign = /\/usr\/local\/go\/|\/go\/pkg\/mod\/|\/vendor\/|\/libexec\/src\//;

/**
 * The innermost frame of the application itself in the frames of one traceback, innermost first, as
 * `function (place)`; null where it names none: a library's frames tell one failure from another badly.
 */
export function applicationFrame(lines: readonly string[]): string | null {
  for (const [index, line] of lines.entries()) {
    if (line.length > longest) continue;
    const frame =
      pythonFrame(line) ?? javaFrame(line) ?? javascriptFrame(line) ?? goFrame(line, lines[index + 1]);
    if (frame?.own === true) return `${frame.function} (${frame.place})`;
  }
  return null;
}

function pythonFrame(line: string): Frame | null {
  const [, file, name] = python.exec(line) ?? [];
  return file === undefined ? null : { function: name ?? '?', place: file, own: !pythonForeign.test(file) };
}

function javaFrame(line: string): Frame | null {
  const [, owner, name, file] = java.exec(line) ?? [];
  if (owner === undefined || name === undefined || file === undefined) return null;
  // A lambda's or proxy's number varies from one build, even one start, to the next.
  const place = (owner.split('$$', 1)[0] ?? '').replaceAll(/\$\d+/g, '');
  return { function: name.replaceAll(/\$\d+/g, ''), place, own: !javaForeign.test(`${place}.`) };
}

function javascriptFrame(line: string): Frame | null {
  const [, name, file] = javascript.exec(line) ?? [];
  return file === undefined
    ? null
    : { function: name ?? '?', place: file, own: !javascriptForeign.test(file) };
}

/** Go names the function in one line and the file in the next. */
function goFrame(line: string, next: string | undefined): Frame | null {
  const [, name] = goFunction.exec(line) ?? [];
  const [, file] = goFile.exec(next ?? '') ?? [];
  if (name === undefined || file === undefined) return null;
  return { function: name, place: file, own: !goForeign.test(file) };
}
