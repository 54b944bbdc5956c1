import { useEffect, useRef, useState } from 'react';
import { focusKey } from '../../input/focus';

const hideAfterMs = 4000;

/** Where the focus is while the on-screen display shows. `surface` is the film itself. */
export type OsdPlace = 'surface' | 'timeline' | 'controls';

export interface Osd {
  isVisible: boolean;
  /** Shows it, or keeps it shown a while longer; with a place, moves the focus there. */
  show: (place?: OsdPlace) => void;
  hide: () => void;
}

/** The on-screen display comes with every action and goes by itself while the film plays. */
export function useOsd(staysOpen: boolean): Osd {
  const [isVisible, setVisible] = useState(true);
  const [request, setRequest] = useState<{ place: OsdPlace }>({ place: 'surface' });
  const [lastActionAt, setLastActionAt] = useState(() => performance.now());
  const isFirst = useRef(true);

  useEffect(() => {
    if (!isVisible || staysOpen) return;
    const hideInMs = lastActionAt + hideAfterMs - performance.now();
    const timer = window.setTimeout(() => setVisible(false), hideInMs);
    return () => window.clearTimeout(timer);
  }, [isVisible, staysOpen, lastActionAt]);

  // Focus moves after the display is drawn: something invisible cannot take it.
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    focusKey(isVisible ? request.place : 'surface');
  }, [isVisible, request]);

  return {
    isVisible,
    show: place => {
      setVisible(true);
      setLastActionAt(performance.now());
      if (place) setRequest({ place });
    },
    hide: () => {
      setRequest({ place: 'surface' });
      setVisible(false);
    },
  };
}
