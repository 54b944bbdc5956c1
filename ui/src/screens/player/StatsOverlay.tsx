import type { RefObject } from 'react';
import type { Playback, PlaybackStatus } from '../../api/types';
import { formatBytes, formatRate } from '../../format/bytes';
import { t } from '../../i18n/t';
import css from './StatsOverlay.module.css';

interface StatsOverlayProps {
  video: RefObject<HTMLVideoElement | null>;
  playback: Playback;
  status: PlaybackStatus | null;
}

/** The numbers behind the picture, for whoever wants to know why. */
export function StatsOverlay({ video, playback, status }: StatsOverlayProps) {
  const element = video.current;
  const rows: [string, string][] = [
    [t('stats.file'), playback.file_name],
    [t('stats.picture'), element ? `${element.videoWidth} × ${element.videoHeight}` : '–'],
    [t('stats.ahead'), t('time.seconds', { count: Math.round(bufferedAhead(element)) })],
    [t('stats.dropped'), String(element?.getVideoPlaybackQuality?.().droppedVideoFrames ?? '–')],
  ];
  if (status) {
    const { peers, downloaded_bytes, total_bytes } = status;
    rows.push(
      [t('stats.state'), t(`status.${status.state}`, { percent: '' }).trim()],
      [t('stats.peers'), t('stats.peersOf', { connected: peers.connected, seen: peers.seen })],
      [t('stats.down'), formatRate(status.download_bytes_per_s)],
      [t('stats.up'), formatRate(status.upload_bytes_per_s)],
      [t('stats.here'), `${formatBytes(downloaded_bytes)} / ${formatBytes(total_bytes)}`],
    );
  }
  return (
    <aside className={css.stats} aria-label={t('player.stats')}>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name} className={css.row}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={css.pieces}>
        {status?.have.map(({ from, to }) => (
          <span key={from} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
        ))}
      </div>
    </aside>
  );
}

function bufferedAhead(element: HTMLVideoElement | null): number {
  if (!element) return 0;
  const { buffered, currentTime } = element;
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i)) {
      return buffered.end(i) - currentTime;
    }
  }
  return 0;
}
