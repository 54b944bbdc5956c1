import { Check, Play } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { HomeRow, Title } from '../../api/types';
import { goTo } from '../../app/history';
import { paths } from '../../app/paths';
import { CardArt } from '../../art/TitleArt';
import { formatLeft, watchedShare } from '../../format/title';
import { t } from '../../i18n/t';
import { useKeys } from '../../input/keyboard';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './Card.module.css';
import { cardSize } from './geometry';

interface CardProps {
  name: string;
  title: Title;
  kind: HomeRow['kind'];
  /** Set where the row places its cards itself. */
  left?: number;
  onFocus: () => void;
}

/** One title in a row. A card to continue plays at once; any other opens the title's page. */
export function Card({ name, title, kind, left, onFocus }: CardProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({
    name,
    onFocus,
    scrolls: left === undefined,
  });
  const isContinue = kind === 'continue';
  const share = watchedShare(title);
  const { width, height } = cardSize(kind);
  const place: CSSProperties =
    left === undefined ? {} : { position: 'absolute', left: `${left}rem` };

  useKeys(key => {
    if (key !== 'info' || document.activeElement !== ref.current) return false;
    goTo(paths.title(title.id));
    return true;
  });

  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={`focus-ring ${css.card}`}
      style={{ width: `${width}rem`, height: `${height}rem`, ...place }}
      onClick={() => goTo(isContinue ? paths.play(title.id) : paths.title(title.id))}
    >
      {isContinue && <span className="visually-hidden">{t('card.continue')} </span>}
      <CardArt title={title} />
      {isContinue && (
        <span className={css.left}>
          <Play aria-hidden className={css.playIcon} />
          {formatLeft(title)}
        </span>
      )}
      {share === 1 && <Check aria-hidden className={css.watched} />}
      {share !== null && share < 1 && (
        <span className={css.bar}>
          <span className={css.played} style={{ transform: `scaleX(${share})` }} />
        </span>
      )}
    </button>
  );
}
