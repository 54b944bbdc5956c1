import { Link2Off, RefreshCw } from 'lucide-react';
import type { Trakt } from '../../api/types';
import { useOverlay } from '../../app/useOverlay';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { formatAgo } from '../../format/time';
import { t } from '../../i18n/t';
import { TraktActions } from './TraktActions';
import css from './TraktPage.module.css';
import { useSync } from './traktQueries';
import { UnlinkSheet } from './UnlinkSheet';

/** With whom the account is linked, and how far both are in step. */
export function TraktLinked({ trakt }: { trakt: Trakt }) {
  const sync = useSync(trakt);
  const unlinking = useOverlay('unlink-trakt');
  const { username, linked_at, synced_at, error } = trakt;
  const ago = (at: number) => formatAgo(at, Date.now());
  const facts = [
    linked_at !== null && t('trakt.linkedSince', { ago: ago(linked_at) }),
    synced_at === null ? t('trakt.neverSynced') : t('trakt.synced', { ago: ago(synced_at) }),
  ];
  return (
    <>
      <div className={css.account}>
        <p className={css.username}>{username}</p>
        <p className={css.facts}>{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <FormError message={error} />
      <TraktActions>
        <Button
          kind="primary"
          icon={RefreshCw}
          label={t(sync.isRunning ? 'trakt.syncing' : 'trakt.sync')}
          isBusy={sync.isRunning}
          onClick={() => sync.start()}
        />
        <Button name="unlink" icon={Link2Off} label={t('trakt.unlink')} onClick={unlinking.open} />
      </TraktActions>
      {unlinking.isOpen && <UnlinkSheet />}
    </>
  );
}
