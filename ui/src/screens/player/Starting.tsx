import { ArrowLeft, Layers } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PlaybackStatus, Title } from '../../api/types';
import { goBack } from '../../app/history';
import { Button } from '../../components/Button';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import { Backdrop } from '../title/Backdrop';
import css from './Starting.module.css';
import { readiness, stepsOf } from './statusText';

interface StartingProps {
  title: Title | null;
  status: PlaybackStatus | null;
  /** Offers the other versions, where there are some. */
  onVersions: (() => void) | null;
}

const patienceMs = 10_000;

/** Between Play and picture: what is going on, honestly, and after ten seconds a way out. */
export function Starting({ title, status, onVersions }: StartingProps) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(true), patienceMs);
    return () => window.clearTimeout(timer);
  }, []);
  useInitialFocus('starting-actions', isLong);

  return (
    <div className={css.starting}>
      {title && <Backdrop title={title} />}
      <div className={css.block}>
        <h1 className={css.name}>{title?.title}</h1>
        <div className={css.line}>
          <div
            className={css.ready}
            style={{ transform: `scaleX(${Math.max(0.04, readiness(status))})` }}
          />
        </div>
        <p className={css.steps} role="status">
          {stepsOf(status).join(' · ')}
        </p>
        <FocusGroup name="starting-actions" className={css.actions}>
          {isLong && onVersions && (
            <Button icon={Layers} label={t('player.otherVersion')} onClick={onVersions} />
          )}
          {isLong && <Button icon={ArrowLeft} label={t('player.back')} onClick={goBack} />}
        </FocusGroup>
      </div>
    </div>
  );
}
