import { useEffect, useRef, useState } from 'react';
import type { Title } from '../../api/types';
import { notedFocus, noteFocus } from '../../app/history';
import { bringIn, Rail } from '../../components/Rail';
import { t } from '../../i18n/t';
import { focusKey } from '../../input/focus';
import { inputMode } from '../../input/inputMode';
import { scrollIntoSafeArea } from '../../input/safeArea';
import { PosterCard } from '../../posters/PosterCard';
import css from './MoreLikeThis.module.css';

/** In rem: a poster, and the lines under it. */
const width = 13;
const pictureHeight = width * 1.5;
const height = pictureHeight + 5.5;

const cardName = ({ kind, id }: Title) => `more-${kind}-${id}`;

/** Posters of what is close to a title. Coming back from one of them, the focus is on it again. */
export function MoreLikeThis({ titles, onFocus }: { titles: Title[]; onFocus: () => void }) {
  const section = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [noted] = useState(() => {
    const name = notedFocus()?.name;
    return titles.findIndex(title => cardName(title) === name);
  });
  const [current, setCurrent] = useState(Math.max(0, noted));
  const preferred = titles[Math.min(current, titles.length - 1)];

  // After the page around it has put the focus where a first visit has it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the page appears
  useEffect(() => {
    if (noted < 0 || !preferred) return;
    const frame = window.requestAnimationFrame(() => {
      if (section.current) scrollIntoSafeArea(section.current, 'auto');
      focusKey(cardName(preferred));
    });
    return () => window.cancelAnimationFrame(frame);
  }, []);

  return (
    <section ref={section} className={css.more} aria-label={t('title.moreLikeThis')}>
      <h2 className={css.heading}>{t('title.moreLikeThis')}</h2>
      <Rail
        name="more-like-this"
        items={titles}
        keyOf={cardName}
        current={current}
        preferred={preferred && cardName(preferred)}
        scroller={scroller}
        width={width}
        pictureHeight={pictureHeight}
        height={height}
      >
        {(title, index) => (
          <PosterCard
            name={cardName(title)}
            title={title}
            height={pictureHeight}
            isAmongFilms={false}
            onFocus={() => {
              setCurrent(index);
              onFocus();
              if (inputMode() !== 'keys') return;
              bringIn(scroller.current, index);
              if (section.current) scrollIntoSafeArea(section.current);
            }}
            onOpen={() => noteFocus({ name: cardName(title), index, scroll: 0 })}
          />
        )}
      </Rail>
    </section>
  );
}
