import type { Title } from '../../api/types';
import { metaOf } from '../../format/title';
import { t } from '../../i18n/t';
import css from './MetaLine.module.css';

interface MetaLineProps {
  title: Title;
  extra?: string;
  /** Instead of the usual ones. */
  facts?: string[];
  /** From which age on, as boards of classification say it. */
  ageRating?: string | null;
}

/** Year, runtime and whatever else is worth a word, set apart by dots. */
export function MetaLine({ title, extra, facts: given, ageRating }: MetaLineProps) {
  const usual = given ?? metaOf(title);
  const facts = extra ? [...usual, extra] : usual;
  return (
    <p className={css.meta}>
      {facts.map(fact => (
        <span key={fact} className={css.fact}>
          {fact}
        </span>
      ))}
      {ageRating && (
        <span className={css.age}>
          <span className="visually-hidden">{t('title.ageRating')} </span>
          {ageRating}
        </span>
      )}
      {title.badge && <span className={css.badge}>{title.badge}</span>}
    </p>
  );
}
