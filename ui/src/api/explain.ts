import { isMessageKey, t } from '../i18n/t';
import { isApiError, UnreachableError } from './errors';

/** Says an error in plain words: our own sentence for a known code, else the daemon's detail. */
export function explain(error: unknown): string {
  if (error instanceof UnreachableError) return t('error.unreachable');
  if (!isApiError(error)) return t('error.unknown');
  const key = `problem.${error.code}`;
  return isMessageKey(key) ? t(key) : error.message;
}
