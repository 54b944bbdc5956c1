import { type RefObject, useRef } from 'react';
import type { Playback, PlaybackStatus } from '../../api/types';
import { goBack } from '../../app/history';
import { useOverlay } from '../../app/useOverlay';
import { useInitialFocus } from '../../input/screenFocus';
import { Controls } from './Controls';
import { toggleFullscreen } from './fullscreen';
import { KeysSheet } from './KeysSheet';
import { OsdLayer } from './OsdLayer';
import { SpeedSheet } from './SpeedSheet';
import css from './Stage.module.css';
import { StatsOverlay } from './StatsOverlay';
import { Surface } from './Surface';
import { canChangeSpeed, nextSpeed } from './speeds';
import { stallText } from './statusText';
import { Timeline } from './Timeline';
import { useCharacterKeys } from './useCharacterKeys';
import { useOsd } from './useOsd';
import { usePlayerKeys } from './usePlayerKeys';
import { useProgress } from './useProgress';
import { useScrub } from './useScrub';
import { useStream } from './useStream';
import { useVideo } from './useVideo';

interface StageProps {
  playback: Playback;
  status: PlaybackStatus | null;
  position: RefObject<number | null>;
  hasStarted: boolean;
  onStarted: () => void;
  onFault: (error: unknown) => void;
  onGiveUp: (error: unknown) => void;
  onVersions: (() => void) | null;
}

/** One stream on screen: the video, what lies over it, and everything keys and pointers do to it. */
export function Stage(props: StageProps) {
  const { playback, status, position, hasStarted } = props;
  const video = useRef<HTMLVideoElement>(null);
  const state = useVideo(video, playback.stream_url);
  const speed = useOverlay('speed');
  const stats = useOverlay('stats');
  const help = useOverlay('keys');
  const versions = useOverlay('versions');
  const isCovered = !hasStarted || speed.isOpen || help.isOpen || versions.isOpen;

  const durationMs = state.durationMs || playback.duration_ms || playback.title.runtime_ms || 0;
  const progress = useProgress(playback.title.id, video, durationMs, hasStarted);

  const seek = (ms: number) => {
    if (!video.current) return;
    video.current.currentTime = ms / 1000;
    position.current = ms;
    progress.settle(ms, durationMs);
  };
  const scrub = useScrub({
    durationMs,
    positionMs: () => (video.current?.currentTime ?? 0) * 1000,
    onSeek: seek,
  });
  const osd = useOsd(state.isPaused || scrub.target !== null || isCovered);

  useInitialFocus('surface', hasStarted);
  useStream({
    video,
    playback,
    position,
    onStarted: props.onStarted,
    onFault: props.onFault,
    onGiveUp: props.onGiveUp,
    onEnded: goBack,
  });

  const play = () => video.current?.play().catch(() => osd.show());
  const pause = () => video.current?.pause();
  const toggle = () => {
    osd.show();
    if (video.current?.paused) play();
    else pause();
  };
  const setRate = (rate: number) => {
    if (video.current) video.current.playbackRate = rate;
  };
  const step = (direction: 1 | -1, isRepeat = false) => {
    osd.show();
    scrub.step(direction, isRepeat);
  };
  const toggleStats = () => (stats.isOpen ? stats.close() : stats.open());

  usePlayerKeys({ isActive: !isCovered, osd, scrub, step, toggle, play, pause, toggleStats });

  useCharacterKeys((action, isRepeat) => {
    if (isCovered) return;
    osd.show();
    if (action.name === 'toggle') toggle();
    if (action.name === 'step') step(action.direction, isRepeat);
    if (action.name === 'jump') seek(durationMs * action.share);
    if (action.name === 'speed' && canChangeSpeed())
      setRate(nextSpeed(state.rate, action.direction));
    if (action.name === 'mute' && video.current) video.current.muted = !video.current.muted;
    if (action.name === 'fullscreen') toggleFullscreen();
    if (action.name === 'stats') toggleStats();
    if (action.name === 'help') help.open();
  });

  return (
    <>
      {/* Subtitles come with a later slice; the contract has none yet. */}
      {/* biome-ignore lint/a11y/useMediaCaption: the daemon sends no tracks */}
      <video
        ref={video}
        className={css.video}
        src={playback.stream_url}
        playsInline
        preload="auto"
      />
      <Surface osd={osd} isPaused={state.isPaused} onToggle={toggle} onStep={step} />
      {hasStarted && state.isWaiting && !state.isPaused && <div className={css.waiting} />}
      <OsdLayer
        isVisible={osd.isVisible && hasStarted}
        title={playback.title}
        remainingMs={Math.max(0, durationMs - state.positionMs) / (state.rate || 1)}
        stall={stallText(status)}
      >
        <Timeline
          positionMs={state.positionMs}
          durationMs={durationMs}
          have={status?.have ?? []}
          scrub={scrub}
        />
        <Controls
          isPaused={state.isPaused}
          rate={state.rate}
          onToggle={toggle}
          onStep={step}
          onSpeed={speed.open}
          onVersions={props.onVersions}
          onStats={toggleStats}
          onFullscreen={document.fullscreenEnabled ? toggleFullscreen : null}
        />
      </OsdLayer>
      {stats.isOpen && <StatsOverlay video={video} playback={playback} status={status} />}
      {speed.isOpen && (
        <SpeedSheet
          rate={state.rate}
          onChoose={rate => {
            setRate(rate);
            speed.close();
          }}
        />
      )}
      {help.isOpen && <KeysSheet />}
    </>
  );
}
