import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  Gauge,
  KeyRound,
  Languages,
  LogOut,
  Magnet,
  MonitorSmartphone,
  RefreshCw,
} from 'lucide-react';
import { signOut } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { noteSignedIn } from '../../api/queries';
import type { User } from '../../api/types';
import { goTo, replaceWith } from '../../app/history';
import { paths } from '../../app/paths';
import { Screen } from '../../app/Screen';
import { ListRow } from '../../components/ListRow';
import { toast } from '../../components/toast';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';
import { useLayout } from '../../layout/layout';
import { About } from './About';
import { nameOfLanguage } from './languages';
import css from './Settings.module.css';
import { useTrakt } from './traktQueries';

export default function Settings({ user }: { user: User }) {
  const queryClient = useQueryClient();
  const layout = useLayout();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      replaceWith(paths.home);
      queryClient.clear();
      noteSignedIn(queryClient, null);
    },
    onError: error => toast(explain(error)),
  });
  useInitialFocus('screen');

  return (
    <Screen
      heading={t('settings.heading')}
      lead={t('settings.signedInAs', { name: user.username, role: t(`role.${user.role}`) })}
      // All of it fits a television, where nothing but the focus scrolls.
      isWide={layout === 'tv'}
    >
      <div className={css.columns}>
        <div className={css.list}>
          <ListRow
            icon={Languages}
            heading={t('language.heading')}
            detail={
              user.language === null
                ? t('language.device', { name: nameOfLanguage(navigator.language) })
                : nameOfLanguage(user.language)
            }
            onClick={() => goTo(paths.language)}
          />
          {user.role !== 'guest' && <TraktRow />}
          <ListRow
            icon={MonitorSmartphone}
            heading={t('devices.heading')}
            detail={t('devices.lead')}
            onClick={() => goTo(paths.devices)}
          />
          <ListRow
            icon={KeyRound}
            heading={t('password.heading')}
            detail={t('password.rowDetail')}
            onClick={() => goTo(paths.password)}
          />
          {/* A phone's bar has no room for it. */}
          {layout === 'phone' && (
            <ListRow
              icon={Magnet}
              heading={t('open.heading')}
              detail={t('open.rowDetail')}
              onClick={() => goTo(paths.openTorrent)}
            />
          )}
          {user.role === 'admin' && (
            <ListRow
              icon={Gauge}
              heading={t('admin.heading')}
              detail={t('admin.lead')}
              onClick={() => goTo(paths.admin)}
            />
          )}
          <ListRow
            icon={LogOut}
            heading={t('settings.signOut')}
            detail={t('settings.signOutDetail')}
            onClick={() => leave.mutate()}
          />
        </div>
        <About />
      </div>
    </Screen>
  );
}

function TraktRow() {
  const { data } = useTrakt();
  return (
    <ListRow
      icon={RefreshCw}
      heading={t('trakt.heading')}
      detail={
        data?.state === 'linked'
          ? t('trakt.linkedAs', { name: data.username ?? '' })
          : t('trakt.rowDetail')
      }
      onClick={() => goTo(paths.trakt)}
    />
  );
}
