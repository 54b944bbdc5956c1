/**
 * The shapes of the HTTP API, one alias per schema of its description. `schema.d.ts` is generated from
 * `openapi.json`, which a test of the daemon holds equal to what it serves.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type ActorStatus = Schemas['ActorStatus'];
export type Episode = Schemas['Episode'];
export type EpisodeRef = Schemas['EpisodeRef'];
export type Genre = Schemas['Genre'];
export type Health = Schemas['Health'];
export type Home = Schemas['Home'];
export type HomeRow = Schemas['HomeRow'];
export type License = Schemas['License'];
export type List = Schemas['List'];
export type LoginSession = Schemas['LoginSession'];
export type MovieDetail = Schemas['MovieDetail'];
export type Playback = Schemas['Playback'];
export type PlaybackState = Schemas['PlaybackStateName'];
export type PlaybackStatus = Schemas['PlaybackStatus'];
export type Problem = Schemas['Problem'];
export type Progress = Schemas['Progress'];
export type Role = Schemas['Role'];
export type Season = Schemas['Season'];
export type SeasonSummary = Schemas['SeasonSummary'];
export type ShowDetail = Schemas['ShowDetail'];
export type SearchResults = Schemas['SearchResults'];
export type SignedIn = Schemas['SignedIn'];
export type Source = Schemas['Source'];
export type Stretch = Schemas['Stretch'];
export type Task = Schemas['Task'];
export type Title = Schemas['Title'];
export type TitlePage = Schemas['TitlePage'];
export type Trakt = Schemas['Trakt'];
export type TraktCode = Schemas['TraktCode'];
export type User = Schemas['User'];
