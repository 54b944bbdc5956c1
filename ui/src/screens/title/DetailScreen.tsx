import { type ReactNode, useRef, useState } from 'react';
import type { MovieDetail, ShowDetail } from '../../api/types';
import { FocusGroup } from '../../input/FocusGroup';
import { inputMode } from '../../input/inputMode';
import { useLayout } from '../../layout/layout';
import { Backdrop } from './Backdrop';
import css from './DetailScreen.module.css';
import { MoreLikeThis } from './MoreLikeThis';

interface DetailScreenProps {
  title: MovieDetail | ShowDetail;
  /** What has the focus first. */
  preferred: string;
  className?: string;
  children: ReactNode;
}

/** The page of a film or a show: all about it on the first screen, what is like it below. */
export function DetailScreen({ title, preferred, className, children }: DetailScreenProps) {
  const isTv = useLayout() === 'tv';
  const scroller = useRef<HTMLDivElement>(null);
  const [isBelow, setBelow] = useState(false);
  const hasMore = title.more_like_this.length > 0;
  const onFocusAbove = () => {
    setBelow(false);
    if (isTv && inputMode() === 'keys') scroller.current?.scrollTo({ top: 0, behavior: 'smooth' });
  };
  return (
    <>
      <Backdrop title={title} />
      {/* Once the page has moved up, text lies where the picture is bright. */}
      <div className={isBelow ? `${css.veil} ${css.drawn}` : css.veil} />
      <FocusGroup name="screen" as="main" preferred={preferred}>
        <div ref={scroller} className={css.scroller}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: it only hears that something in it has the focus */}
          <div
            className={[css.first, hasMore && css.withMore, className].filter(Boolean).join(' ')}
            onFocus={onFocusAbove}
          >
            {children}
          </div>
          {hasMore && <MoreLikeThis titles={title.more_like_this} onFocus={() => setBelow(true)} />}
        </div>
      </FocusGroup>
    </>
  );
}
