import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import * as api from '../../api/endpoints';
import { explain } from '../../api/explain';
import { isOfCatalog, keys } from '../../api/queries';
import type { Trakt } from '../../api/types';
import { toast } from '../../components/toast';

/** While something is under way. */
const askEveryMs = 2500;
const syncsWithinMs = 60_000;

export const useTrakt = (isSyncing = false) =>
  useQuery({
    queryKey: keys.trakt,
    queryFn: api.readTrakt,
    refetchInterval: ({ state }) => (isSyncing || isUnderWay(state.data)) && askEveryMs,
  });

/** The code waits to be typed, or the first sync is still to come. */
function isUnderWay(trakt: Trakt | undefined): boolean {
  if (trakt?.state !== 'linked') return trakt?.state === 'pending';
  return trakt.synced_at === null && trakt.error === null;
}

/** A sync that was asked for, until the server says how it ended. */
export function useSync({ synced_at, error }: Trakt) {
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<{ at: number; synced_at: number | null }>();
  const sync = useMutation({
    mutationFn: api.syncTrakt,
    onSuccess: () => setAsked({ at: Date.now(), synced_at }),
    onError: problem => {
      toast(explain(problem));
      return queryClient.invalidateQueries({ queryKey: keys.trakt });
    },
  });
  const isWaitedFor =
    asked !== undefined && asked.synced_at === synced_at && Date.now() - asked.at < syncsWithinMs;
  useTrakt(isWaitedFor);

  // What a sync brought changes what the catalog says of this account.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sync is what brings something
  useEffect(() => {
    queryClient.invalidateQueries({ predicate: isOfCatalog });
  }, [queryClient, synced_at]);

  return { isRunning: sync.isPending || (isWaitedFor && error === null), start: sync.mutate };
}

export function useLinking() {
  const queryClient = useQueryClient();
  const link = useMutation({
    mutationFn: api.linkTrakt,
    onSuccess: trakt => queryClient.setQueryData(keys.trakt, trakt),
    onError: error => {
      toast(explain(error));
      return queryClient.invalidateQueries({ queryKey: keys.trakt });
    },
  });
  const unlink = useMutation({
    mutationFn: api.unlinkTrakt,
    onError: error => toast(explain(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.trakt }),
  });
  return { link, unlink };
}
