// Trakt on loopback: somebody links an account by a code, and nothing has been watched there.
import { once } from 'node:events';
import { createServer } from 'node:http';

const application = { id: 'an-application', secret: 'its-secret' };
const tokens = {
  access_token: 'access-of-the-stand-in',
  refresh_token: 'refresh-of-the-stand-in',
  token_type: 'bearer',
  scope: 'public',
  expires_in: 604_800,
};
const never = '2020-01-01T00:00:00.000Z';

export const account = { username: 'ada-lovelace', code: 'ADA12345' };

/** Answers what makes a daemon ask here, how to type the code in, and how to end it. */
export async function startTrakt() {
  let isTyped = false;
  let noteRevoked;
  const revoked = new Promise(resolve => {
    noteRevoked = () => resolve('revoked');
  });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const answer = (status, body) => {
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'X-Pagination-Page-Count': '1',
      });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    for await (const _ of request);
    const isOfAccount = request.headers.authorization === `Bearer ${tokens.access_token}`;
    const path = pathname.slice(1);
    if (request.headers['trakt-api-key'] !== application.id) return answer(403);
    if (path === 'oauth/device/code') {
      isTyped = false;
      return answer(200, {
        device_code: 'a-device-code',
        user_code: account.code,
        verification_url: 'https://trakt.tv/activate',
        expires_in: 600,
        interval: 1,
      });
    }
    if (path === 'oauth/device/token') {
      return isTyped
        ? answer(200, { ...tokens, created_at: Math.floor(Date.now() / 1000) })
        : answer(400);
    }
    if (path === 'oauth/revoke') {
      noteRevoked();
      return answer(200, {});
    }
    if (!isOfAccount) return answer(401);
    if (path === 'users/settings') return answer(200, { user: { username: account.username } });
    if (path === 'sync/last_activities') {
      const times = { watched_at: never, paused_at: never, updated_at: never };
      return answer(200, {
        all: never,
        movies: times,
        episodes: times,
        watchlist: times,
        lists: times,
      });
    }
    if (request.method === 'GET' && (path.startsWith('sync/') || path === 'users/me/lists')) {
      return answer(200, []);
    }
    if (request.method === 'POST' && /^(sync|scrobble)\//.test(path)) return answer(201, {});
    return answer(404);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: {
      MIAUFLIX_TRAKT__CLIENT_ID: application.id,
      MIAUFLIX_TRAKT__CLIENT_SECRET: application.secret,
      MIAUFLIX_TRAKT__API_URL: `http://127.0.0.1:${server.address().port}/`,
    },
    typeCode: () => {
      isTyped = true;
    },
    /** Resolves once the tokens were given back. */
    revoked,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
