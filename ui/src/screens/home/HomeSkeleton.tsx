import { Bone, useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import css from './HomeSkeleton.module.css';

/** The home screen's shapes, in their places. */
export function HomeSkeleton() {
  const isSlow = useIsSlow();
  useInitialFocus('screen');
  return (
    <FocusGroup name="screen" as="main" className={css.home} label={t('loading')}>
      {isSlow && (
        <>
          <div className={css.hero}>
            <Bone width="34rem" height="4.5rem" />
            <Bone width="20rem" height="2rem" />
            <Bone width="50rem" height="4.75rem" />
          </div>
          <div className={css.rows}>
            <Bone width="16rem" height="1.75rem" />
            <div className={css.cards}>
              {['a', 'b', 'c', 'd', 'e', 'f'].map(key => (
                <Bone key={key} width="21.5rem" height="12.125rem" />
              ))}
            </div>
          </div>
        </>
      )}
    </FocusGroup>
  );
}
