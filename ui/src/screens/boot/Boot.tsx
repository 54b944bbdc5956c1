import { Wordmark } from '../../components/Wordmark';
import { t } from '../../i18n/t';
import css from './Boot.module.css';

/** The first frame: the name and a thin line, until the daemon has said who is there. */
export function Boot() {
  return (
    <main className={css.boot} aria-label={t('boot.label')}>
      <Wordmark size="7.5rem" />
      <div className={css.line} />
    </main>
  );
}
