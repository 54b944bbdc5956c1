import { Check, Play } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { HomeRow, Title } from '../../api/types';
import { goTo } from '../../app/history';
import { pathOf, paths } from '../../app/paths';
import { CardArt } from '../../art/TitleArt';
import { formatStanding, watchedShare } from '../../format/title';
import { t } from '../../i18n/t';
import { useKeys } from '../../input/keyboard';
import { useFocusTarget } from '../../input/useFocusTarget';
import { useLongPress } from '../../input/useLongPress';
import css from './Card.module.css';
import { cardSize } from './geometry';

interface CardProps {
  name: string;
  title: Title;
  kind: HomeRow['kind'];
  /** Set where the row places its cards itself. */
  left?: number;
  onFocus: () => void;
  /** Asks for what else can be done with a title that is under way. */
  onMenu: () => void;
}

/** One title in a row. A film to continue plays at once; any other card opens the title's page. */
export function Card({ name, title, kind, left, onFocus, onMenu }: CardProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({
    name,
    onFocus,
    scrolls: left === undefined,
  });
  const isUnderWay = kind !== 'list';
  const plays = kind === 'continue' && title.kind === 'movie';
  const standing = isUnderWay && formatStanding(title);
  const share = watchedShare(title);
  const { width, height } = cardSize(kind);
  const place: CSSProperties =
    left === undefined ? {} : { position: 'absolute', left: `${left}rem` };
  const longPress = useLongPress(ref, isUnderWay ? onMenu : undefined);

  useKeys(key => {
    if (key !== 'info' || document.activeElement !== ref.current) return false;
    if (isUnderWay) onMenu();
    else goTo(pathOf(title));
    return true;
  });

  return (
    <button
      ref={ref}
      {...props}
      {...longPress}
      type="button"
      className={`focus-ring ${css.card}`}
      style={{ width: `${width}rem`, height: `${height}rem`, ...place }}
      onClick={() => goTo(plays ? paths.play(title.id) : pathOf(title))}
    >
      {isUnderWay && (
        <span className="visually-hidden">
          {t(kind === 'continue' ? 'card.continue' : 'card.nextUp')}{' '}
        </span>
      )}
      <CardArt title={title} />
      {standing && (
        <span className={css.standing}>
          {plays && <Play aria-hidden className={css.playIcon} />}
          <span className={css.standingText}>{standing}</span>
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
