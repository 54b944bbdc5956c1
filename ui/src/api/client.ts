import { type ApiError, errorFrom, UnreachableError } from './errors';
import { reportReachable, reportUnreachable } from './reachability';

/**
 * One door to the daemon. Cookies carry the sign-in, so no token passes through here; when the
 * access cookie is spent the first request to notice renews it and all others wait for that one.
 */
const base = '/api/v1/';
const renewable = new Set(['access_expired', 'unauthenticated']);
const signedOutListeners = new Set<() => void>();
let renewal: Promise<boolean> | null = null;

/** Chromium before 81 fails a request that shall outlive the page unless it is a plain form post. */
const keepsRequestsAlive = !(Number(/Chrome\/(\d+)/.exec(navigator.userAgent)?.[1]) < 81);

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  body?: unknown;
  /** Lets the request outlive the page; for the last save when leaving. */
  keepalive?: boolean;
  /** Sign-in, setup and renewal answer 401 for their own reasons. */
  renew?: boolean;
  signal?: AbortSignal;
}

export async function request<T>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await send(method, path, options);
  if (response.ok) return read<T>(response);

  const error = await errorFrom(response);
  if (!shouldRenew(error, options)) throw error;
  if (!(await renewOnce())) {
    for (const listener of signedOutListeners) listener();
    throw error;
  }
  const retried = await send(method, path, options);
  if (!retried.ok) throw await errorFrom(retried);
  return read<T>(retried);
}

/** Calls back when the sign-in is over and cannot be renewed. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Renews the access cookie; calls made while one renewal runs share its outcome. */
export function renewOnce(): Promise<boolean> {
  renewal ??= send('POST', 'auth/refresh', { body: {} })
    .then(response => {
      if (response.ok) return true;
      if (response.status === 401 || response.status === 403) return false;
      return errorFrom(response).then(error => Promise.reject(error));
    })
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const { body, signal } = options;
  const keepalive = options.keepalive && keepsRequestsAlive;
  const init: RequestInit = { method, credentials: 'same-origin', keepalive, signal };
  if (body instanceof Blob) {
    init.body = body;
    init.headers = { 'Content-Type': body.type };
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  try {
    const response = await fetch(base + path, init);
    reportReachable();
    return response;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    reportUnreachable();
    throw new UnreachableError();
  }
}

/** An answer may have no body: a 204, or a 202 that says no more than that. */
async function read<T>(response: Response): Promise<T> {
  const body = await response.text();
  return body === '' ? (undefined as T) : JSON.parse(body);
}

function shouldRenew(error: ApiError, options: RequestOptions): boolean {
  return options.renew !== false && error.status === 401 && renewable.has(error.code);
}
