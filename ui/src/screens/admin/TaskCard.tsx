import { useMutation, useQueryClient } from '@tanstack/react-query';
import { runTask } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { keys } from '../../api/queries';
import type { Task } from '../../api/types';
import { toast } from '../../components/toast';
import { formatAgo } from '../../format/time';
import { isMessageKey, t } from '../../i18n/t';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './Tasks.module.css';
import { taskFacts } from './taskFacts';

/** One kind of background work: what it is, how it goes, and a button that runs it now. */
export function TaskCard({ task }: { task: Task }) {
  const queryClient = useQueryClient();
  const run = useMutation({
    mutationFn: () => runTask(task.name),
    onError: error => toast(explain(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.tasks }),
  });
  const now = Date.now();
  const isRunning = task.state === 'running';
  const isBusy = isRunning || run.isPending;
  const name = say(`task.${task.name}`) ?? task.name;
  const label = t(isBusy ? 'tasks.running' : 'tasks.run');
  const does = say(`task.${task.name}.does`);
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name: `run-${task.name}` });

  return (
    <li className={isRunning ? `${css.task} ${css.running}` : css.task}>
      <div className={css.line}>
        <div className={css.text}>
          <h3 className={css.name}>{name}</h3>
          {does && <p className={css.does}>{does}</p>}
        </div>
        <button
          ref={ref}
          {...props}
          type="button"
          className={css.run}
          aria-label={`${label}: ${name}`}
          // A disabled button would drop the focus to nowhere.
          aria-disabled={isBusy || undefined}
          onClick={isBusy ? undefined : () => run.mutate()}
        >
          {label}
        </button>
      </div>
      <p className={css.facts}>
        <span className={css.dot} />
        {taskFacts(task, now).join(' · ')}
      </p>
      {task.last_error && (
        <p className={css.error}>
          {t('tasks.failed', {
            ago: formatAgo(task.last_error.at, now),
            message: task.last_error.message,
          })}
        </p>
      )}
    </li>
  );
}

const say = (key: string) => (isMessageKey(key) ? t(key) : undefined);
