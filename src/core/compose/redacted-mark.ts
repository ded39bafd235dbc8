import { code, say, type Text } from '../text.ts';

/** Said in the last line of every redacted update. It is one object, so that an update can be asked whether it says so. */
const mark: Text = say`**redacted: the repository is public**`;

/** The mark, with who can see the rest: part of a footer. */
export function redactedPart(): Text {
  return say` · ${mark}; ${code('sitrep status')} in a terminal shows all, and so do updates with ${code('public: full')} in the operator's policy`;
}

/** Whether a footer says that its update is redacted. */
export function saysRedacted(footer: Text): boolean {
  return footer.values.some(
    (value) =>
      value === mark ||
      (typeof value === 'object' && 'words' in value && !('as' in value) && saysRedacted(value)),
  );
}
