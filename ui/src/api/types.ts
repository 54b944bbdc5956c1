/**
 * The shapes of the HTTP contract, one alias per OpenAPI schema name. `npm run api` writes
 * `schema.d.ts` from a served openapi.json; each type here then becomes
 * `components['schemas'][…]` without a change at any place that uses it.
 */

/** RFC 9457 problem document; `code` is the stable machine word. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
}

export type Role = 'admin' | 'user' | 'guest';

export interface User {
  id: number;
  username: string;
  role: Role;
  is_active: boolean;
  created_at: number;
}

export interface SignedIn {
  user: User;
  session_id: string;
  expires_at: number;
}

export interface LoginSession {
  id: string;
  device_name: string | null;
  user_agent: string | null;
  created_at: number;
  last_seen_at: number;
  current: boolean;
}

export interface Progress {
  position_ms: number;
  duration_ms: number;
  state: 'watching' | 'watched';
  updated_at: number;
}

export interface Title {
  id: number;
  kind: 'movie';
  title: string;
  year: number | null;
  runtime_ms: number | null;
  tint: [string, string];
  poster: string | null;
  backdrop: string | null;
  origin: 'built_in' | 'own';
  badge: string | null;
  progress: Progress | null;
}

export interface HomeRow {
  slug: string;
  name: string;
  kind: 'continue' | 'list';
  items: Title[];
}

export interface Home {
  rows: HomeRow[];
}

export interface Source {
  id: number;
  release_name: string;
  size_bytes: number | null;
  resolution: string | null;
  why: string[];
}

export interface License {
  name: string;
  url: string;
}

export interface MovieDetail extends Title {
  overview: string | null;
  tagline: string | null;
  license: License | null;
  sources: Source[];
}

export interface Playback {
  id: string;
  stream_url: string;
  mime: string;
  file_name: string;
  size_bytes: number;
  resume_position_ms: number;
  duration_ms: number | null;
  title: Title;
  source: Source;
  alternatives: Source[];
  expires_at: number;
}

export type PlaybackState =
  | 'resolving'
  | 'checking'
  | 'finding_peers'
  | 'buffering'
  | 'playing'
  | 'paused'
  | 'complete'
  | 'stalled'
  | 'failed';

export interface PlaybackStatus {
  state: PlaybackState;
  peers: { connected: number; seen: number };
  download_bytes_per_s: number;
  upload_bytes_per_s: number;
  downloaded_bytes: number;
  total_bytes: number;
  /** Fractions of the film that are here, as [from, to) pairs. */
  have: [number, number][];
  contiguous_bytes: number;
  eta_ms: number | null;
  message: string | null;
}

export interface ActorStatus {
  path: string;
  name: string;
  kind: 'actor' | 'supervisor';
  state: 'running' | 'restarting' | 'stopped';
  restarts: number;
  in_flight: number;
  last_error: string | null;
  started_at: number;
}

export interface Health {
  status: 'ok' | 'degraded';
}
