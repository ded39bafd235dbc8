/**
 * Accounts of GitHub. Commands are given by people: the type is `User`, and not `Bot`, nor `Organization`, `Mannequin`
 * (the placeholder of an import) or whatever else may come. A comment that an App wrote in a person's name is that
 * person's: GitHub lets the App do no more than both may, and the role that counts is theirs.
 */

/** Whether a login is that of an App's bot; no person's can hold a bracket. */
export function isBotLogin(login: string): boolean {
  return login.endsWith('[bot]');
}

/** Whether an account is a person's. */
export function isPerson({ login, type }: { login: string; type: string }): boolean {
  return type === 'User' && !isBotLogin(login);
}

/** Whether two logins are of the same account: GitHub tells them apart without case. */
export function isSameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
