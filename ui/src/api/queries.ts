import { type QueryClient, type QueryKey, useQuery } from '@tanstack/react-query';
import * as api from './endpoints';
import { isApiError } from './errors';
import { hasSignInMark, setSignInMark } from './signInMark';
import type { User } from './types';

export const keys = {
  setup: ['setup'],
  me: ['me'],
  home: ['home'],
  movie: (id: number) => ['movie', id],
  show: (id: number) => ['show', id],
  loginSessions: ['login-sessions'],
  users: ['users'],
  actors: ['actors'],
  tasks: ['tasks'],
  trakt: ['trakt'],
};

const catalogKeys = new Set(['home', 'movie', 'show', 'search', 'browse', 'list', 'genres']);

/** What the catalog says, in the language of whoever asks. */
export const isOfCatalog = ({ queryKey }: { queryKey: QueryKey }) =>
  catalogKeys.has(String(queryKey[0]));

/** Who is signed in: a user, or null when nobody is. */
export function useMe() {
  return useQuery<User | null>({
    queryKey: keys.me,
    queryFn: () => (hasSignInMark() ? readMeIfSignedIn() : null),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

async function readMeIfSignedIn(): Promise<User | null> {
  try {
    return await api.readMe();
  } catch (error) {
    if (!isApiError(error) || error.status !== 401) throw error;
    setSignInMark(false);
    return null;
  }
}

/** Notes in cache and browser who is signed in from now on. */
export function noteSignedIn(queryClient: QueryClient, user: User | null): void {
  setSignInMark(user !== null);
  queryClient.setQueryData(keys.me, user);
}

export const useSetup = (isEnabled: boolean) =>
  useQuery({
    queryKey: keys.setup,
    queryFn: api.readSetup,
    enabled: isEnabled,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useHome = () => useQuery({ queryKey: keys.home, queryFn: api.readHome });

export const useMovie = (id: number) =>
  useQuery({ queryKey: keys.movie(id), queryFn: () => api.readMovie(id) });

export const useLoginSessions = () =>
  useQuery({ queryKey: keys.loginSessions, queryFn: api.readLoginSessions });

export const useUsers = () => useQuery({ queryKey: keys.users, queryFn: api.readUsers });

const actorsEveryMs = 2000;

export const useActors = () =>
  useQuery({ queryKey: keys.actors, queryFn: api.readActors, refetchInterval: actorsEveryMs });
