import { Check, Circle, CircleCheck, Plus } from 'lucide-react';
import { Button } from '../../components/Button';
import { t } from '../../i18n/t';

interface MarkButtonsProps {
  isInMyList: boolean;
  isWatched: boolean;
  onMyList: (isIn: boolean) => void;
  onWatched: (isWatched: boolean) => void;
}

/** The two marks a person can put on a film or a show. */
export function MarkButtons({ isInMyList, isWatched, onMyList, onWatched }: MarkButtonsProps) {
  return (
    <>
      <Button
        name="my-list"
        icon={isInMyList ? Check : Plus}
        label={t('title.myList')}
        isPressed={isInMyList}
        onClick={() => onMyList(!isInMyList)}
      />
      <Button
        name="watched"
        icon={isWatched ? CircleCheck : Circle}
        label={t('title.watched')}
        isPressed={isWatched}
        onClick={() => onWatched(!isWatched)}
      />
    </>
  );
}
