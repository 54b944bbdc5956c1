import { expect, it } from 'vitest';
import type { Task } from '../../api/types';
import { taskFacts } from './taskFacts';

const minute = 60_000;
const now = Date.UTC(2026, 0, 2);
const task: Task = {
  name: 'lists',
  state: 'idle',
  started_at: now - 13 * minute,
  finished_at: now - 12 * minute,
  next_at: now + 48 * minute,
  backlog: 0,
  runs: 3,
  last_error: null,
};

it('says the last run, the next one and what is due', () => {
  expect(taskFacts(task, now)).toEqual(['Last run 12 min ago', 'next in 48 min', 'nothing due']);
});

it('says how long a run has taken so far, and nothing of the next', () => {
  const running: Task = { ...task, state: 'running', started_at: now - 42_000, backlog: 12 };
  expect(taskFacts(running, now)).toEqual(['Running for 42 s', '12 due']);
});

it('says that it has not run yet, and keeps silent on what it cannot count', () => {
  const fresh: Task = { ...task, started_at: null, finished_at: null, next_at: now, backlog: null };
  expect(taskFacts(fresh, now)).toEqual(['Has not run yet', 'next any moment']);
});
