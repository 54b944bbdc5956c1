import { Check } from 'lucide-react';
import { ListRow } from '../../components/ListRow';
import { Sheet } from '../../components/Sheet';
import { t } from '../../i18n/t';
import { speeds } from './speeds';

interface SpeedSheetProps {
  rate: number;
  onChoose: (rate: number) => void;
}

export function SpeedSheet({ rate, onChoose }: SpeedSheetProps) {
  return (
    <Sheet name="speed-sheet" heading={t('player.speedHeading')} preferred={`speed-${rate}`}>
      {speeds.map(speed => (
        <ListRow
          key={speed}
          name={`speed-${speed}`}
          heading={speed === 1 ? t('player.speedNormal') : t('player.speed', { rate: speed })}
          trailing={speed === rate ? <Check aria-hidden /> : undefined}
          isCurrent={speed === rate}
          onClick={() => onChoose(speed)}
        />
      ))}
    </Sheet>
  );
}
