import type { Problem } from './types';

/** The daemon answered, and the answer was no. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer at all: the daemon is down or the network between us is. */
export class UnreachableError extends Error {
  constructor() {
    super('the server did not answer');
    this.name = 'UnreachableError';
  }
}

/** Reads a failed response; a body that is no problem document still yields a usable error. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const retryAfter = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const fallback: Problem = {
    type: 'about:blank',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    detail: '',
    code: `http_${response.status}`,
  };
  const body: Partial<Problem> = await response.json().catch(() => ({}));
  return new ApiError({ ...fallback, ...body }, Number.isNaN(retryAfter) ? null : retryAfter);
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}
