import { ArrowLeft, Layers, MonitorX, RotateCcw } from 'lucide-react';
import { explain } from '../../api/explain';
import { goBack } from '../../app/history';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { t } from '../../i18n/t';
import css from './Player.module.css';

/** Playing failed on this device, whatever the daemon thinks. */
export class PlayerError extends Error {
  readonly reason: 'no_picture' | 'undecodable' | 'broken';

  constructor(reason: PlayerError['reason']) {
    super(reason);
    this.name = 'PlayerError';
    this.reason = reason;
  }
}

interface PlayerFailureProps {
  error: unknown;
  onRetry: () => void;
  onVersions: (() => void) | null;
}

export function PlayerFailure({ error, onRetry, onVersions }: PlayerFailureProps) {
  const cause = error instanceof PlayerError ? t(`player.${error.reason}`) : explain(error);
  return (
    <div className={css.failure}>
      <Notice icon={MonitorX} heading={t('player.failed')} cause={cause}>
        <Button kind="primary" icon={RotateCcw} label={t('retry')} onClick={onRetry} />
        {onVersions && (
          <Button icon={Layers} label={t('player.otherVersion')} onClick={onVersions} />
        )}
        <Button icon={ArrowLeft} label={t('player.back')} onClick={goBack} />
      </Notice>
    </div>
  );
}
