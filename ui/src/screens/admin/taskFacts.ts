import type { Task } from '../../api/types';
import { formatAgo, formatRuntime, formatUntil } from '../../format/time';
import { t } from '../../i18n/t';

/** How a task goes, in a few words each: the last run, the next one, and what waits for it. */
export function taskFacts(task: Task, now: number): string[] {
  const { state, started_at, finished_at, next_at, backlog } = task;
  const facts: string[] = [];
  if (state === 'running') {
    const time = formatRuntime(Math.max(0, now - (started_at ?? now)));
    facts.push(t('tasks.runningFor', { time }));
  } else if (finished_at !== null) {
    facts.push(t('tasks.last', { ago: formatAgo(finished_at, now) }));
  } else {
    facts.push(t('tasks.never'));
  }
  if (next_at !== null && state !== 'running') {
    facts.push(t('tasks.next', { in: formatUntil(next_at, now) }));
  }
  if (backlog !== null) {
    facts.push(backlog === 0 ? t('tasks.nothingDue') : t('tasks.due', { count: backlog }));
  }
  return facts;
}
