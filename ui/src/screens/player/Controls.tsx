import { ChartNoAxesColumn, Gauge, Layers, Maximize } from 'lucide-react';
import { Button } from '../../components/Button';
import { Back10Icon, Forward10Icon, PauseIcon, PlayIcon } from '../../components/icons';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import css from './Controls.module.css';
import { canChangeSpeed } from './speeds';

interface ControlsProps {
  isPaused: boolean;
  rate: number;
  onToggle: () => void;
  onStep: (direction: 1 | -1) => void;
  onSpeed: () => void;
  onVersions: (() => void) | null;
  onStats: () => void;
  onFullscreen: (() => void) | null;
}

export function Controls(props: ControlsProps) {
  return (
    <FocusGroup name="controls" preferred="toggle" remembersLast={false} className={css.controls}>
      <div className={css.main}>
        <Button
          isIconOnly
          icon={Back10Icon}
          label={t('player.back10')}
          onClick={() => props.onStep(-1)}
        />
        <Button
          name="toggle"
          isIconOnly
          icon={props.isPaused ? PlayIcon : PauseIcon}
          label={t(props.isPaused ? 'player.play' : 'player.pause')}
          onClick={props.onToggle}
        />
        <Button
          isIconOnly
          icon={Forward10Icon}
          label={t('player.forward10')}
          onClick={() => props.onStep(1)}
        />
      </div>
      <div className={css.more}>
        {canChangeSpeed() && (
          <Button
            icon={Gauge}
            kind="quiet"
            label={t('player.speed', { rate: props.rate })}
            onClick={props.onSpeed}
          />
        )}
        {props.onVersions && (
          <Button
            icon={Layers}
            kind="quiet"
            label={t('versions.heading')}
            onClick={props.onVersions}
          />
        )}
        <Button
          icon={ChartNoAxesColumn}
          kind="quiet"
          label={t('player.stats')}
          onClick={props.onStats}
        />
        {props.onFullscreen && (
          <Button
            isIconOnly
            icon={Maximize}
            kind="quiet"
            label={t('player.fullscreen')}
            onClick={props.onFullscreen}
          />
        )}
      </div>
    </FocusGroup>
  );
}
