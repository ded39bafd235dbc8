/** An answer that is a refusal, shaped as GitHub shapes it. */
export class GitHubError extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;
  /** Why it counts as a mistake of the caller; null where GitHub answers so in the ordinary course of things. */
  readonly mistake: string | null;

  constructor(
    status: number,
    body: Record<string, unknown>,
    mistake: string | null,
    headers: Record<string, string> = {},
  ) {
    super(`GitHub answers ${status}`);
    this.status = status;
    this.body = body;
    this.mistake = mistake;
    this.headers = headers;
  }
}

const documentation = 'https://docs.github.com/rest';

function basic(status: number, message: string, mistake: string | null): GitHubError {
  return new GitHubError(
    status,
    { message, documentation_url: documentation, status: String(status) },
    mistake,
  );
}

/** 404 in the ordinary course: there is no such thing. */
export function notFound(): GitHubError {
  return basic(404, 'Not Found', null);
}

/** 410: there was such an issue, and it was deleted. */
export function gone(): GitHubError {
  return basic(410, 'This issue was deleted', null);
}

/** 403 of a conversation that is locked. An App may not write there, whatever its permissions. */
export function locked(what: 'create comment' | 'update comment' | 'create reaction'): GitHubError {
  return basic(403, `Unable to ${what} because issue is locked.`, null);
}

/** The repository has another name now. A write is to be repeated as it is, so it is told 307 instead of 301. */
export function moved(method: string, url: string): GitHubError {
  const isRead = method === 'GET' || method === 'HEAD';
  const message = isRead ? 'Moved Permanently' : 'Temporary Redirect';
  const body = { message, url, documentation_url: 'https://docs.github.com/v3/#http-redirects' };
  return new GitHubError(isRead ? 301 : 307, body, null, { location: url });
}

/** 404 that hides what the caller may not see, or has no such route. */
export function hidden(mistake: string): GitHubError {
  return basic(404, 'Not Found', mistake);
}

export function unauthorized(message: string, mistake: string): GitHubError {
  return basic(401, message, mistake);
}

/** 403 of an App that lacks a permission. */
export function notAccessible(mistake: string | null): GitHubError {
  return basic(403, 'Resource not accessible by integration', mistake);
}

/** 403 of a person whose role is too weak. */
export function forbidden(message: string): GitHubError {
  return basic(403, message, null);
}

export function refused(status: number, message: string, mistake: string | null): GitHubError {
  return basic(status, message, mistake);
}

export interface FieldError {
  resource: string;
  field: string;
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  message?: string;
  value?: string;
}

/** 422 with the fields that are wrong. */
export function validationFailed(errors: FieldError[], mistake: string | null): GitHubError {
  return new GitHubError(
    422,
    { message: 'Validation Failed', errors, documentation_url: documentation, status: '422' },
    mistake,
  );
}
