import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Title } from '../../api/types';
import { goBack } from '../../app/history';
import { formatClock } from '../../format/time';
import { t } from '../../i18n/t';
import css from './OsdLayer.module.css';

interface OsdLayerProps {
  isVisible: boolean;
  title: Title;
  remainingMs: number;
  stall: string | null;
  children: ReactNode;
}

const clockEveryMs = 5000;

/** What lies over the film: title and clock on top, timeline and buttons below. */
export function OsdLayer({ isVisible, title, remainingMs, stall, children }: OsdLayerProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), clockEveryMs);
    return () => window.clearInterval(timer);
  }, []);

  return (
    <div className={`${css.osd} ${isVisible ? css.visible : ''}`}>
      <header className={css.top}>
        <button
          type="button"
          tabIndex={-1}
          className={css.back}
          aria-label={t('player.back')}
          onClick={goBack}
        >
          <ArrowLeft aria-hidden />
        </button>
        <h1 className={css.name}>{title.title}</h1>
        <p className={css.clock}>
          {formatClock(new Date(now))}
          {remainingMs > 0 && (
            <span className={css.ends}>
              {t('player.endsAt', { time: formatClock(new Date(now + remainingMs)) })}
            </span>
          )}
        </p>
      </header>
      <footer className={css.bottom}>
        {stall && (
          <p className={css.stall} role="status">
            {stall}
          </p>
        )}
        {children}
      </footer>
    </div>
  );
}
