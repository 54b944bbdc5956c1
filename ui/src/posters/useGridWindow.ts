import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { useLayout } from '../layout/layout';
import { type GridMetrics, gridMetrics, type RowRange, rowCount, rowsInView } from './geometry';

interface Room {
  /** Width of the grid and size of a rem, in pixels. */
  width: number;
  rem: number;
}

export interface GridWindow {
  /** Null until the grid has been laid out once. */
  metrics: GridMetrics | null;
  rows: number;
  inView: RowRange;
  scrollPosition: () => number;
  scrollTo: (position: number) => void;
  /** Scrolls until the row stands `below` rem under the upper edge; the first row brings all above it. */
  park: (row: number, below: number) => void;
}

/** Which rows of a grid are in view. On a television a part of the screen scrolls, elsewhere the page. */
export function useGridWindow(
  frame: RefObject<HTMLElement | null>,
  count: number,
  gap: number,
): GridWindow {
  const layout = useLayout();
  const [room, setRoom] = useState<Room | null>(null);
  const [inView, setInView] = useState<RowRange>({ first: 0, last: 3 });

  useLayoutEffect(() => {
    const measure = () => {
      const width = frame.current?.clientWidth ?? 0;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      if (width > 0)
        setRoom(old => (old?.width === width && old.rem === rem ? old : { width, rem }));
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [frame]);

  const metrics = useMemo(
    () => room && gridMetrics(room.width / room.rem, gap, layout),
    [room, gap, layout],
  );
  const pitch = metrics && room ? metrics.rowPitch * room.rem : 0;
  const rows = metrics ? rowCount(count, metrics.columns) : 0;

  const scroller = useCallback(
    () => (layout === 'tv' ? frame.current?.closest('[data-scroller]') : null) ?? null,
    [frame, layout],
  );
  const scrollPosition = useCallback(() => scroller()?.scrollTop ?? window.scrollY, [scroller]);

  useLayoutEffect(() => {
    if (pitch === 0) return;
    const look = () => {
      const top = frame.current?.getBoundingClientRect().top ?? 0;
      const seen = rowsInView(top, window.innerHeight, pitch, rows);
      setInView(old => (old.first === seen.first && old.last === seen.last ? old : seen));
    };
    look();
    const source = scroller() ?? window;
    source.addEventListener('scroll', look, { passive: true });
    return () => source.removeEventListener('scroll', look);
  }, [frame, pitch, rows, scroller]);

  return {
    metrics,
    rows,
    inView,
    scrollPosition,
    scrollTo: position => (scroller() ?? window).scrollTo(0, position),
    park: (row, below) => {
      const top = frame.current?.getBoundingClientRect().top ?? 0;
      const rem = room?.rem ?? 16;
      const target = row === 0 ? 0 : scrollPosition() + top + row * pitch - below * rem;
      (scroller() ?? window).scrollTo({ top: target, behavior: 'smooth' });
    },
  };
}
