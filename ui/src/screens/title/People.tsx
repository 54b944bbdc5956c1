import { t } from '../../i18n/t';
import css from './People.module.css';

interface PeopleProps {
  /** Who made it, and how they are called together. */
  makers: string[];
  makersLabel: string;
  starring: string[];
}

/** More names say less. */
const mostMakers = 3;
const mostStars = 6;

export function People({ makers, makersLabel, starring }: PeopleProps) {
  if (makers.length + starring.length === 0) return null;
  return (
    <dl className={css.people}>
      <Line label={makersLabel} names={makers.slice(0, mostMakers)} />
      <Line label={t('title.starring')} names={starring.slice(0, mostStars)} />
    </dl>
  );
}

function Line({ label, names }: { label: string; names: string[] }) {
  if (names.length === 0) return null;
  return (
    <div className={css.line}>
      <dt className={css.label}>{label}</dt>
      <dd className={css.names}>{names.join(', ')}</dd>
    </div>
  );
}
