import { Bone, useIsSlow } from '../components/Skeleton';
import { t } from '../i18n/t';
import { useInitialFocus } from '../input/screenFocus';
import { Screen } from './Screen';

/** The shapes of a screen of which nothing is known yet. */
export function ScreenSkeleton() {
  const isSlow = useIsSlow();
  useInitialFocus('screen');
  return (
    <Screen label={t('loading')}>
      {isSlow && (
        <>
          <Bone width="22rem" height="3.375rem" style={{ marginBottom: '2.5rem' }} />
          {['a', 'b', 'c', 'd'].map(key => (
            <Bone key={key} width="64rem" height="5.25rem" />
          ))}
        </>
      )}
    </Screen>
  );
}
