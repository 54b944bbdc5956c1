import { Screen } from '../app/Screen';
import { useInitialFocus } from '../input/screenFocus';
import { Bone, useIsSlow } from './Skeleton';

export function ListSkeleton({ heading }: { heading: string }) {
  const isSlow = useIsSlow();
  useInitialFocus('screen');
  return (
    <Screen heading={heading}>
      {isSlow && [0, 1, 2, 3].map(row => <Bone key={row} width="64rem" height="5.25rem" />)}
    </Screen>
  );
}
