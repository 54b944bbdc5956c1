import { useReachable } from '../api/reachability';
import { t } from '../i18n/t';
import css from './OfflineBar.module.css';

/** A thin line over whatever is on screen; the screen itself stays. */
export function OfflineBar() {
  const isReachable = useReachable();
  return <div role="status">{!isReachable && <p className={css.bar}>{t('offline')}</p>}</div>;
}
