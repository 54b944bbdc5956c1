import { Wordmark } from '../../components/Wordmark';
import { t } from '../../i18n/t';
import css from './About.module.css';

export function About() {
  return (
    <section className={css.about}>
      <Wordmark size="1.75rem" />
      <p>{t('about.text')}</p>
      <p>{t('about.tmdb')}</p>
    </section>
  );
}
