import { language, t } from '../i18n/t';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** A position on the timeline: `0:05`, `12:30`, `1:02:03`. */
export function formatPosition(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = twoDigits(total % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/** How long a film runs, as people say it: `48 s`, `15 min`, `1 h 52 min`. */
export function formatRuntime(ms: number): string {
  if (ms < minuteMs) return t('time.seconds', { count: Math.round(ms / 1000) });
  const minutes = Math.round(ms / minuteMs);
  if (minutes < 60) return t('time.minutes', { count: minutes });
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest === 0 ? t('time.hours', { hours }) : t('time.hoursMinutes', { hours, minutes: rest });
}

export function formatClock(at: Date): string {
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** When something last happened, coarse on purpose. */
export function formatAgo(at: number, now: number): string {
  const elapsed = now - at;
  if (elapsed < 2 * minuteMs) return t('time.justNow');
  if (elapsed < 2 * hourMs) return t('time.minutesAgo', { count: Math.floor(elapsed / minuteMs) });
  if (elapsed < 2 * dayMs) return t('time.hoursAgo', { count: Math.floor(elapsed / hourMs) });
  return t('time.daysAgo', { count: Math.floor(elapsed / dayMs) });
}

/** When something is to happen, coarse on purpose. */
export function formatUntil(at: number, now: number): string {
  const left = at - now;
  if (left < 1000) return t('time.soon');
  if (left < 2 * minuteMs) return t('time.inSeconds', { count: Math.ceil(left / 1000) });
  if (left < 2 * hourMs) return t('time.inMinutes', { count: Math.round(left / minuteMs) });
  if (left < 2 * dayMs) return t('time.inHours', { count: Math.round(left / hourMs) });
  return t('time.inDays', { count: Math.round(left / dayMs) });
}

const days = new Intl.DateTimeFormat(language, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** A day given as `YYYY-MM-DD`. */
export function formatDay(day: string): string {
  return days.format(new Date(`${day}T00:00:00Z`));
}

/** Whether a day given as `YYYY-MM-DD` has not come yet, where the person is. */
export function isAhead(day: string, now: Date): boolean {
  const today = `${now.getFullYear()}-${twoDigits(now.getMonth() + 1)}-${twoDigits(now.getDate())}`;
  return day > today;
}
