import { Bone, useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import detail from '../title/DetailScreen.module.css';
import { RailSkeleton } from './RailSkeleton';
import css from './Show.module.css';

export function ShowSkeleton() {
  const isSlow = useIsSlow();
  useInitialFocus('screen');
  return (
    <FocusGroup
      name="screen"
      as="main"
      className={`${detail.first} ${css.page}`}
      label={t('loading')}
    >
      {isSlow && (
        <>
          <div className={css.block}>
            <Bone width="40rem" height="4.75rem" />
            <Bone width="28rem" height="2rem" />
            <Bone width="56rem" height="7rem" />
            <Bone width="34rem" height="4.75rem" />
          </div>
          <RailSkeleton />
        </>
      )}
    </FocusGroup>
  );
}
