import { Bone, useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import detail from './DetailScreen.module.css';
import css from './TitlePage.module.css';

export function TitleSkeleton() {
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
        <div>
          <Bone width="40rem" height="5.5rem" />
          <Bone width="22rem" height="2rem" />
          <Bone width="58rem" height="7rem" />
          <Bone width="18rem" height="4.75rem" />
        </div>
      )}
    </FocusGroup>
  );
}
