import { useRef, useState } from 'react';
import { useMovie } from '../../api/queries';
import type { Playback } from '../../api/types';
import { useOverlay } from '../../app/useOverlay';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import css from './Player.module.css';
import { PlayerFailure } from './PlayerFailure';
import { PlayerVersionsSheet } from './PlayerVersionsSheet';
import { Stage } from './Stage';
import { Starting } from './Starting';
import { usePlayback } from './usePlayback';
import { usePlaybackStatus } from './usePlaybackStatus';

/** From the press of Play to the end of the film, faults included. */
export default function Player({ movieId }: { movieId: number }) {
  const [order] = useState(readOrder);
  const { phase, start, recover, fail } = usePlayback(movieId, order.sourceId);
  const movie = useMovie(movieId);
  const versions = useOverlay('versions');
  const [startedId, setStartedId] = useState<string | null>(null);
  /** Where the film is, across every new stream of this visit; null before the first. */
  const position = useRef<number | null>(order.fromStart ? 0 : null);
  const lastPlayback = useRef<Playback | null>(null);

  const playback = phase.name === 'ready' ? phase.playback : null;
  if (playback) lastPlayback.current = playback;
  const status = usePlaybackStatus(playback?.id ?? null);
  const hasStarted = playback !== null && startedId === playback.id;

  const sources = lastPlayback.current
    ? [lastPlayback.current.source, ...lastPlayback.current.alternatives]
    : (movie.data?.sources ?? []);
  const openVersions = sources.length > 1 ? versions.open : null;

  useInitialFocus('screen');

  return (
    <FocusGroup name="screen" as="main" className={css.player}>
      {playback && (
        <Stage
          key={playback.id}
          playback={playback}
          status={status}
          position={position}
          hasStarted={hasStarted}
          onStarted={() => setStartedId(playback.id)}
          onFault={recover}
          onGiveUp={fail}
          onVersions={openVersions}
        />
      )}
      {phase.name !== 'failed' && !hasStarted && (
        <Starting
          title={playback?.title ?? movie.data ?? null}
          status={status}
          onVersions={openVersions}
        />
      )}
      {phase.name === 'failed' && (
        <PlayerFailure error={phase.error} onRetry={() => start()} onVersions={openVersions} />
      )}
      {versions.isOpen && (
        <PlayerVersionsSheet
          sources={sources}
          currentId={lastPlayback.current?.source.id}
          onChoose={source => {
            versions.close();
            start(source.id);
          }}
        />
      )}
    </FocusGroup>
  );
}

function readOrder() {
  const query = new URLSearchParams(window.location.search);
  const source = query.get('source');
  return {
    sourceId: source === null ? undefined : Number(source),
    fromStart: query.get('from') === 'start',
  };
}
