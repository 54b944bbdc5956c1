import { QueryClient } from '@tanstack/react-query';
import { onSignedOut } from '../api/client';
import { UnreachableError } from '../api/errors';
import { noteSignedIn } from '../api/queries';
import { isReachable, onReachabilityChange } from '../api/reachability';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The daemon is on the local network: whether the internet is there says nothing about it.
      networkMode: 'always',
      retry: (failures, error) => error instanceof UnreachableError && failures < 2,
      retryDelay: attempt => 500 * 2 ** attempt,
    },
    mutations: { networkMode: 'always' },
  },
});

onSignedOut(() => noteSignedIn(queryClient, null));

onReachabilityChange(() => {
  if (isReachable())
    queryClient.refetchQueries({ predicate: query => query.state.status === 'error' });
});
