import type { PlaybackStatus } from '../../api/types';
import { formatRate } from '../../format/bytes';
import { t } from '../../i18n/t';

/** How much must lie ahead before the film can start. */
const aheadNeededBytes = 2 * 1024 * 1024;

/** What is happening right now, as honest short steps: "Buffering 38 % · 3 peers · ~4 s". */
export function stepsOf(status: PlaybackStatus | null): string[] {
  if (!status) return [t('status.resolving')];
  const steps = [nameOf(status)];
  if (status.peers.connected > 0) steps.push(t('status.peers', { count: status.peers.connected }));
  if (status.download_bytes_per_s > 0) steps.push(formatRate(status.download_bytes_per_s));
  if (status.eta_ms !== null && status.eta_ms > 0) {
    steps.push(t('status.eta', { count: Math.max(1, Math.ceil(status.eta_ms / 1000)) }));
  }
  return steps;
}

/** Share of what is needed to start, between 0 and 1. */
export function readiness(status: PlaybackStatus | null): number {
  if (!status) return 0;
  return Math.min(1, status.contiguous_bytes / aheadNeededBytes);
}

/** A sentence for a film that waits for data, or null while nothing is wrong. */
export function stallText(status: PlaybackStatus | null): string | null {
  if (status?.state === 'stalled' || status?.state === 'failed') {
    return status.message ?? t('status.stalled');
  }
  return null;
}

function nameOf(status: PlaybackStatus): string {
  if (status.state === 'buffering') {
    return t('status.buffering', { percent: Math.round(readiness(status) * 100) });
  }
  return t(`status.${status.state}`);
}
