import { request } from './client';
import type {
  ActorStatus,
  Genre,
  Home,
  List,
  LoginSession,
  MovieDetail,
  Playback,
  PlaybackStatus,
  Progress,
  Role,
  SearchResults,
  Season,
  ShowDetail,
  SignedIn,
  Task,
  Title,
  TitlePage,
  Trakt,
  User,
} from './types';

/** One function per route of the contract the app uses; names follow the route. */

export interface Credentials {
  username: string;
  password: string;
}

const deviceName = () => describeDevice(navigator.userAgent);

export const readSetup = () => request<{ needed: boolean }>('GET', 'setup');

export const finishSetup = (token: string, credentials: Credentials) =>
  request<SignedIn>('POST', 'setup', {
    body: { token, ...credentials, device_name: deviceName() },
    renew: false,
  });

export const signIn = (credentials: Credentials) =>
  request<SignedIn>('POST', 'auth/login', {
    body: { ...credentials, device_name: deviceName() },
    renew: false,
  });

export const signOut = () => request<void>('POST', 'auth/logout', { body: {}, renew: false });

export const readMe = () => request<User>('GET', 'me');

export const changePassword = (body: { current_password: string; new_password: string }) =>
  request<User>('PATCH', 'me', { body });

/** Of titles and texts; null is whatever the device asks for. */
export const changeLanguage = (language: string | null) =>
  request<User>('PATCH', 'me', { body: { language } });

export const readTrakt = () => request<Trakt>('GET', 'me/trakt');

export const linkTrakt = () => request<Trakt>('POST', 'me/trakt');

export const unlinkTrakt = () => request<void>('DELETE', 'me/trakt');

export const syncTrakt = () => request<void>('POST', 'me/trakt/sync');

export const readLoginSessions = () => request<{ sessions: LoginSession[] }>('GET', 'me/sessions');

export const revokeLoginSession = (id: string) => request<void>('DELETE', `me/sessions/${id}`);

export const readUsers = () => request<{ users: User[] }>('GET', 'users');

export const createUser = (body: Credentials & { role: Role }) =>
  request<User>('POST', 'users', { body });

export const changeUser = (id: number, body: { role?: Role; is_active?: boolean }) =>
  request<User>('PATCH', `users/${id}`, { body });

export const readHome = () => request<Home>('GET', 'home');

export const readMovie = (id: number) => request<MovieDetail>('GET', `movies/${id}`);

export const readShow = (id: number) => request<ShowDetail>('GET', `shows/${id}`);

export const readSeason = (showId: number, number: number) =>
  request<Season>('GET', `shows/${showId}/seasons/${number}`);

/** `what` is a film, an episode, or all that is out of a season or a show. */
export const setWatched = (what: Watchable, isWatched: boolean) =>
  request<void>(isWatched ? 'PUT' : 'DELETE', `watched/${what}`);

export type Watchable =
  | `movies/${number}`
  | `episodes/${number}`
  | `shows/${number}`
  | `shows/${number}/seasons/${number}`;

/** Takes a title out of the rows of what is under way. */
export const forgetProgress = ({ kind, id }: Pick<Title, 'kind' | 'id'>) =>
  request<void>('DELETE', `progress/${kind}s/${id}`);

export const setInMyList = ({ kind, id }: Pick<Title, 'kind' | 'id'>, isIn: boolean) =>
  request<void>(isIn ? 'PUT' : 'DELETE', `lists/my-list/items/${kind}s/${id}`);

export const searchTitles = (text: string, signal?: AbortSignal) =>
  request<SearchResults>('GET', `search?q=${encodeURIComponent(text)}`, { signal });

/** `query` is the part after the question mark, made by the filters. */
export const browseTitles = (kind: Title['kind'], query: string, signal?: AbortSignal) =>
  request<TitlePage>('GET', `${kind}s?${query}`, { signal });

export const readGenres = () => request<{ genres: Genre[] }>('GET', 'genres');

export const readList = (slug: string, query: string, signal?: AbortSignal) =>
  request<List>('GET', `lists/${encodeURIComponent(slug)}?${query}`, { signal });

export const openMagnet = (magnet: string) =>
  request<MovieDetail>('POST', 'torrents', { body: { magnet } });

export const openTorrentFile = (file: Blob) =>
  request<MovieDetail>('POST', 'torrents', {
    body: new Blob([file], { type: 'application/x-bittorrent' }),
  });

export const startPlayback = (movieId: number, sourceId?: number) =>
  request<Playback>('POST', 'playback', { body: { movie_id: movieId, source_id: sourceId } });

export const readPlaybackStatus = (id: string) =>
  request<PlaybackStatus>('GET', `playback/${id}/status`);

export const playbackStatusUrl = (id: string) => `/api/v1/playback/${id}/status`;

export const stopPlayback = (id: string) =>
  request<void>('DELETE', `playback/${id}`, { keepalive: true });

export const saveProgress = (
  movieId: number,
  body: { position_ms: number; duration_ms: number },
  keepalive: boolean,
) => request<Progress>('PUT', `progress/movies/${movieId}`, { body, keepalive });

export const readActors = () => request<{ actors: ActorStatus[] }>('GET', 'admin/actors');

export const readTasks = () => request<{ tasks: Task[] }>('GET', 'admin/tasks');

export const runTask = (name: string) =>
  request<void>('POST', `admin/tasks/${encodeURIComponent(name)}/run`);

/** A name people recognise in their list of devices. */
export function describeDevice(userAgent: string): string {
  if (/Tizen/.test(userAgent)) return 'Samsung TV';
  if (/Web0S|webOS/.test(userAgent)) return 'LG TV';
  if (/iPhone/.test(userAgent)) return 'iPhone';
  if (/iPad/.test(userAgent)) return 'iPad';
  const browser = /Edg\//.test(userAgent)
    ? 'Edge'
    : /Firefox\//.test(userAgent)
      ? 'Firefox'
      : /Chrom(e|ium)\//.test(userAgent)
        ? 'Chrome'
        : /Safari\//.test(userAgent)
          ? 'Safari'
          : 'Browser';
  const system = /Android/.test(userAgent)
    ? 'Android'
    : /Windows/.test(userAgent)
      ? 'Windows'
      : /Mac OS X/.test(userAgent)
        ? 'Mac'
        : /Linux/.test(userAgent)
          ? 'Linux'
          : null;
  return system ? `${browser} on ${system}` : browser;
}
