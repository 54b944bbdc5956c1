import { CloudOff, type LucideIcon, RotateCcw } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { explain } from '../api/explain';
import { t } from '../i18n/t';
import { FocusGroup } from '../input/FocusGroup';
import { focusKey } from '../input/focus';
import { Button } from './Button';
import css from './Notice.module.css';

interface NoticeProps {
  icon: LucideIcon;
  heading: string;
  /** Why it is so, in one line. */
  cause?: string;
  children?: ReactNode;
}

/** A whole screen's worth of one sentence: what happened, why, and what can be done. */
export function Notice({ icon: Icon, heading, cause, children }: NoticeProps) {
  useEffect(() => {
    focusKey('notice-actions');
  }, []);
  return (
    <div className={css.notice} role="status">
      <Icon aria-hidden className={css.icon} />
      <h1 className={css.heading}>{heading}</h1>
      {cause && <p className={css.cause}>{cause}</p>}
      {children && (
        <FocusGroup name="notice-actions" className={css.actions}>
          {children}
        </FocusGroup>
      )}
    </div>
  );
}

interface FailureProps {
  heading: string;
  error: unknown;
  onRetry: () => void;
  children?: ReactNode;
}

/** The error state every screen shares: retry has the focus. */
export function Failure({ heading, error, onRetry, children }: FailureProps) {
  return (
    <Notice icon={CloudOff} heading={heading} cause={explain(error)}>
      <Button kind="primary" icon={RotateCcw} label={t('retry')} onClick={onRetry} />
      {children}
    </Notice>
  );
}
