import { useMutation, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone, Tv } from 'lucide-react';
import { revokeLoginSession } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { keys, useLoginSessions } from '../../api/queries';
import type { LoginSession } from '../../api/types';
import { Screen } from '../../app/Screen';
import { ListRow } from '../../components/ListRow';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Failure } from '../../components/Notice';
import { toast } from '../../components/toast';
import { formatAgo } from '../../format/time';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';

/** Where one is signed in, the present device first; OK on another signs it out. */
export default function Devices() {
  const queryClient = useQueryClient();
  const sessions = useLoginSessions();
  const revoke = useMutation({
    mutationFn: (session: LoginSession) => revokeLoginSession(session.id),
    onSuccess: (_, session) => {
      toast(t('devices.revoked', { name: nameOf(session) }));
      return queryClient.invalidateQueries({ queryKey: keys.loginSessions });
    },
    onError: error => toast(explain(error)),
  });
  useInitialFocus('screen', !sessions.isPending);

  if (sessions.isPending) return <ListSkeleton heading={t('devices.heading')} />;
  if (sessions.isError) {
    return (
      <Screen>
        <Failure
          heading={t('devices.failed')}
          error={sessions.error}
          onRetry={() => sessions.refetch()}
        />
      </Screen>
    );
  }

  const currentFirst = [...sessions.data.sessions].sort(
    (a, b) => Number(b.current) - Number(a.current) || b.last_seen_at - a.last_seen_at,
  );
  return (
    <Screen heading={t('devices.heading')} lead={t('devices.hint')}>
      {currentFirst.map(session => (
        <ListRow
          key={session.id}
          name={`session-${session.id}`}
          icon={/TV/.test(nameOf(session)) ? Tv : MonitorSmartphone}
          heading={nameOf(session)}
          detail={t('devices.lastSeen', { ago: formatAgo(session.last_seen_at, Date.now()) })}
          trailing={t(session.current ? 'devices.current' : 'devices.revoke')}
          isCurrent={session.current}
          onClick={session.current ? undefined : () => revoke.mutate(session)}
        />
      ))}
    </Screen>
  );
}

function nameOf(session: LoginSession): string {
  return session.device_name ?? session.user_agent ?? t('devices.unnamed');
}
