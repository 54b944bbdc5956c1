import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onSignedOut, request } from './client';
import { ApiError, UnreachableError } from './errors';
import { isReachable, reportReachable } from './reachability';

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

let calls: string[] = [];
let answer: (path: string, count: number) => Answer;

beforeEach(() => {
  calls = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    calls.push(`${init.method} ${path}`);
    const count = calls.filter(call => call.endsWith(path)).length;
    const { status, body, headers } = answer(path, count);
    return new Response(status === 204 ? null : JSON.stringify(body ?? {}), { status, headers });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  reportReachable();
});

const spent = { status: 401, body: { status: 401, title: 'Unauthorized', code: 'access_expired' } };
const refreshes = () => calls.filter(call => call.includes('auth/refresh')).length;

test('many requests with a spent access cookie renew it once and all succeed', async () => {
  answer = (path, count) => {
    if (path.endsWith('auth/refresh')) return { status: 200 };
    return count === 1 ? spent : { status: 200, body: { path } };
  };
  const answers = await Promise.all(['home', 'me', 'users'].map(path => request('GET', path)));
  expect(answers).toEqual(['home', 'me', 'users'].map(path => ({ path: `/api/v1/${path}` })));
  expect(refreshes()).toBe(1);
});

test('a later expiry renews again', async () => {
  answer = (path, count) => {
    if (path.endsWith('auth/refresh')) return { status: 200 };
    return count % 2 === 1 ? spent : { status: 200 };
  };
  await request('GET', 'home');
  await request('GET', 'home');
  expect(refreshes()).toBe(2);
});

test('a refused renewal signs out and fails the request that asked', async () => {
  answer = () => spent;
  const signedOut = vi.fn();
  const stop = onSignedOut(signedOut);
  await expect(request('GET', 'home')).rejects.toMatchObject({ code: 'access_expired' });
  expect(signedOut).toHaveBeenCalledTimes(1);
  stop();
});

test('a renewal that meets a broken server does not sign anyone out', async () => {
  answer = path => (path.endsWith('auth/refresh') ? { status: 503 } : spent);
  const signedOut = vi.fn();
  const stop = onSignedOut(signedOut);
  await expect(request('GET', 'home')).rejects.toMatchObject({ status: 503 });
  expect(signedOut).not.toHaveBeenCalled();
  stop();
});

test('wrong credentials are not mistaken for an expired sign-in', async () => {
  answer = () => ({ status: 401, body: { status: 401, title: '', code: 'wrong_credentials' } });
  await expect(request('POST', 'auth/login')).rejects.toMatchObject({ code: 'wrong_credentials' });
  expect(refreshes()).toBe(0);
});

test('a problem carries its code, its detail and when to try again', async () => {
  answer = () => ({
    status: 429,
    body: { status: 429, title: 'Too many', code: 'too_many_attempts', detail: 'Slow down.' },
    headers: { 'Retry-After': '30' },
  });
  const error = await request('POST', 'auth/login').catch(caught => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: 'too_many_attempts',
    message: 'Slow down.',
    retryAfterSeconds: 30,
  });
});

test('no answer at all is reported as an unreachable server', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')));
  await expect(request('GET', 'home')).rejects.toBeInstanceOf(UnreachableError);
  expect(isReachable()).toBe(false);
});
