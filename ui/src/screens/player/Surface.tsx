import { useEffect, useRef, useState } from 'react';
import { t } from '../../i18n/t';
import { inputMode, onPointerMove } from '../../input/inputMode';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './Stage.module.css';
import type { Osd } from './useOsd';

interface SurfaceProps {
  osd: Osd;
  isPaused: boolean;
  onToggle: () => void;
  onStep: (direction: 1 | -1) => void;
}

/** Left, right, or the middle, where taps do not jump. */
type Side = -1 | 1 | 0;

const doubleTapMs = 320;
const flashMs = 600;
/** The outer shares of the width where a double tap moves through the film. */
const sideShare = 0.4;

/** The film as something to press: a click pauses, a tap shows the display, two taps jump. */
export function Surface({ osd, isPaused, onToggle, onStep }: SurfaceProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name: 'surface', scrolls: false });
  const lastTap = useRef<{ at: number; side: Side }>({ at: 0, side: 0 });
  const [flash, setFlash] = useState<1 | -1 | null>(null);
  const latestOsd = useRef(osd);
  latestOsd.current = osd;

  useEffect(() => onPointerMove(() => latestOsd.current.show()), []);

  useEffect(() => {
    if (flash === null) return;
    const timer = window.setTimeout(() => setFlash(null), flashMs);
    return () => window.clearTimeout(timer);
  }, [flash]);

  const tap = (clientX: number, at: number) => {
    const side = sideOf(clientX / window.innerWidth);
    const isSecond = side === lastTap.current.side && at - lastTap.current.at < doubleTapMs;
    lastTap.current = { at, side };
    if (isSecond && side !== 0) {
      setFlash(side);
      onStep(side);
    } else if (osd.isVisible) osd.hide();
    else osd.show();
  };

  return (
    <>
      <button
        ref={ref}
        {...props}
        type="button"
        className={`${css.surface} ${osd.isVisible ? '' : css.quiet}`}
        aria-label={t(isPaused ? 'player.play' : 'player.pause')}
        onMouseMove={undefined}
        onClick={event => {
          if (inputMode() === 'touch') tap(event.clientX, event.timeStamp);
          else onToggle();
        }}
      />
      {flash !== null && (
        <div aria-hidden className={`${css.flash} ${flash < 0 ? css.flashLeft : css.flashRight}`}>
          {t(flash < 0 ? 'player.minus10' : 'player.plus10')}
        </div>
      )}
    </>
  );
}

function sideOf(share: number): Side {
  if (share < sideShare) return -1;
  return share > 1 - sideShare ? 1 : 0;
}
