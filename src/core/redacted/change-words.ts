/** What kind of change it was, and nothing of what it changed. */
const words = new Map([
  ['revision', 'a new revision'],
  ['drift', 'another revision than the last healthy one serves'],
  ['operation', 'an operation of the platform'],
  ['commit', 'a commit'],
  ['pull-request', 'a pull request was merged'],
  ['deployment', 'a deployment'],
  ['workflow-run', 'a run of a workflow'],
  ['terraform', 'a change of the Terraform state'],
  ['secret', 'a change of the secret'],
  ['limit', 'a change of a limit'],
]);

/** A change of that kind in words: `a new revision`. */
export function changeWords(kind: string): string {
  return words.get(kind) ?? 'a change';
}
