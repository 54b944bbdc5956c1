import { Check } from 'lucide-react';
import type { Title } from '../api/types';
import { goTo } from '../app/history';
import { pathOf } from '../app/paths';
import { PosterArt } from '../art/PosterArt';
import { watchedShare } from '../format/title';
import { t } from '../i18n/t';
import { useFocusTarget } from '../input/useFocusTarget';
import css from './PosterCard.module.css';

interface PosterCardProps {
  name: string;
  title: Title;
  /** Of the poster, in rem. */
  height: number;
  /** Films and shows stand side by side, so a show says that it is one. */
  isAmongFilms: boolean;
  onFocus: () => void;
  onOpen: () => void;
}

/** A title as its poster, with name and year under it. It opens the title's page. */
export function PosterCard(card: PosterCardProps) {
  const { name, title, height, onFocus, onOpen } = card;
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name, onFocus, scrolls: false });
  const share = watchedShare(title);
  const facts = [title.year, title.kind === 'show' && card.isAmongFilms && t('poster.show')].filter(
    Boolean,
  );
  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={css.card}
      onClick={() => {
        onOpen();
        goTo(pathOf(title));
      }}
    >
      <span className={css.poster} style={{ height: `${height}rem` }}>
        <PosterArt title={title} />
        {share === 1 && <Check aria-hidden className={css.watched} />}
        {share !== null && share < 1 && (
          <span className={css.bar}>
            <span className={css.played} style={{ transform: `scaleX(${share})` }} />
          </span>
        )}
      </span>
      <span className={css.name}>{title.title}</span>
      <span className={css.facts}>{facts.join(' · ')}</span>
    </button>
  );
}
