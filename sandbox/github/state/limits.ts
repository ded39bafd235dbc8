import { validationFailed } from '../errors.ts';

/** Limits that GitHub keeps and its description does not tell. */

const characters = 65_536;
const labelName = 50;
const labelDescription = 100;
const labelsAnIssue = 100;
const assigneesAnIssue = 10;

/** Characters as GitHub counts them: code points, a surrogate pair is one. */
function length(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}

function tooLong(resource: string, field: string, maximum: number): never {
  const message = `${field === 'data' ? 'Body' : field} is too long (maximum is ${maximum} characters)`;
  const code = field === 'data' ? 'unprocessable' : 'invalid';
  throw validationFailed([{ resource, code, field, message }], `${resource}: ${message}`);
}

/** A comment's body: not empty, and no longer than GitHub takes. */
export function demandCommentBody(body: string): void {
  if (body.trim() === '') {
    const message = "body can't be blank";
    throw validationFailed(
      [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
      message,
    );
  }
  if (length(body) > characters) tooLong('IssueComment', 'data', characters);
}

export function demandIssueText(title: string, body: string): void {
  if (title.trim() === '') {
    throw validationFailed(
      [{ resource: 'Issue', code: 'missing_field', field: 'title' }],
      "title can't be blank",
    );
  }
  if (length(title) > 256) tooLong('Issue', 'title', 256);
  if (length(body) > characters) tooLong('Issue', 'data', characters);
}

export function demandLabel(name: string, description: string, color: string): void {
  if (name.trim() === '') {
    throw validationFailed(
      [{ resource: 'Label', code: 'missing_field', field: 'name' }],
      "name can't be blank",
    );
  }
  if (length(name) > labelName) tooLong('Label', 'name', labelName);
  if (length(description) > labelDescription) tooLong('Label', 'description', labelDescription);
  if (!/^[0-9a-fA-F]{6}$/.test(color)) {
    throw validationFailed(
      [{ resource: 'Label', code: 'invalid', field: 'color' }],
      `"${color}" is no colour: six hexadecimal digits without #`,
    );
  }
}

export function demandLabelCount(count: number): void {
  if (count <= labelsAnIssue) return;
  const message = `An issue cannot have more than ${labelsAnIssue} labels`;
  throw validationFailed([{ resource: 'Issue', code: 'custom', field: 'labels', message }], message);
}

export function demandAssigneeCount(count: number): void {
  if (count <= assigneesAnIssue) return;
  const message = `An issue cannot have more than ${assigneesAnIssue} assignees`;
  throw validationFailed([{ resource: 'Issue', code: 'custom', field: 'assignees', message }], message);
}
