import { useQuery } from '@tanstack/react-query';
import { readTasks } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { keys } from '../../api/queries';
import { Button } from '../../components/Button';
import { Bone, useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { TaskCard } from './TaskCard';
import css from './Tasks.module.css';

const askEveryMs = 3000;

/** What the server does by itself, asked for again every three seconds. */
export function Tasks() {
  const tasks = useQuery({
    queryKey: keys.tasks,
    queryFn: readTasks,
    refetchInterval: askEveryMs,
  });
  const isSlow = useIsSlow();

  if (tasks.isPending) {
    return isSlow ? [0, 1, 2, 3].map(key => <Bone key={key} width="100%" height="9.5rem" />) : null;
  }
  if (!tasks.data) {
    return (
      <div role="alert">
        <p className={css.message}>{explain(tasks.error)}</p>
        <Button label={t('retry')} onClick={() => tasks.refetch()} />
      </div>
    );
  }
  if (tasks.data.tasks.length === 0) return <p className={css.message}>{t('tasks.none')}</p>;
  return (
    <FocusGroup name="tasks" as="ul">
      {tasks.data.tasks.map(task => (
        <TaskCard key={task.name} task={task} />
      ))}
    </FocusGroup>
  );
}
