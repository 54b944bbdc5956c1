import { Link2, Link2Off } from 'lucide-react';
import { closeOverlayThen, goBack } from '../../app/history';
import { ListRow } from '../../components/ListRow';
import { Sheet } from '../../components/Sheet';
import { t } from '../../i18n/t';
import css from './TraktPage.module.css';
import { useLinking } from './traktQueries';

/** Asks before the link is given up; keeping it has the focus. */
export function UnlinkSheet() {
  const { unlink } = useLinking();
  return (
    <Sheet name="unlink-sheet" heading={t('trakt.unlinkHeading')} preferred="keep-link">
      <p className={css.warning}>{t('trakt.unlinkText')}</p>
      <ListRow name="keep-link" icon={Link2} heading={t('trakt.keep')} onClick={goBack} />
      <ListRow
        icon={Link2Off}
        heading={t('trakt.unlink')}
        onClick={() => closeOverlayThen(() => unlink.mutate())}
      />
    </Sheet>
  );
}
