import { useState } from 'react';
import { explain } from '../../api/explain';
import { useActors } from '../../api/queries';
import type { ActorStatus } from '../../api/types';
import { Button } from '../../components/Button';
import { Bone, useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { ActorRow } from './ActorRow';
import css from './SupervisionTree.module.css';

/** The live supervision tree, asked for again every two seconds. */
export function SupervisionTree() {
  const actors = useActors();
  const isSlow = useIsSlow();
  const [openPath, setOpenPath] = useState<string | null>(null);

  if (actors.isPending) return isSlow ? <Bone width="100%" height="20rem" /> : null;
  if (actors.isError && !actors.data) {
    return (
      <div role="alert">
        <p className={css.summary}>{explain(actors.error)}</p>
        <Button label={t('retry')} onClick={() => actors.refetch()} />
      </div>
    );
  }

  const all = [...actors.data.actors].sort((a, b) => a.path.localeCompare(b.path));
  return (
    <FocusGroup name="actors">
      <p className={css.summary}>{summaryOf(all)}</p>
      {all.map(actor => (
        <ActorRow
          key={actor.path}
          actor={actor}
          isOpen={actor.path === openPath}
          onToggle={() => setOpenPath(actor.path === openPath ? null : actor.path)}
        />
      ))}
    </FocusGroup>
  );
}

function summaryOf(actors: ActorStatus[]): string {
  const unwell = actors.filter(actor => actor.state !== 'running').length;
  const count = actors.length;
  return unwell === 0 ? t('actors.allWell', { count }) : t('actors.someUnwell', { count: unwell });
}
