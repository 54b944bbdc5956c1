import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { FocusGroup } from '../../input/FocusGroup';
import css from './Hint.module.css';

interface HintProps {
  icon: LucideIcon;
  heading: string;
  cause: string;
  children?: ReactNode;
}

/** What stands where results would. It never takes the focus: somebody may still be typing. */
export function Hint({ icon: Icon, heading, cause, children }: HintProps) {
  return (
    <div className={css.hint} role="status">
      <Icon aria-hidden className={css.icon} />
      <h2 className={css.heading}>{heading}</h2>
      <p className={css.cause}>{cause}</p>
      {children && (
        <FocusGroup name="hint-actions" className={css.actions}>
          {children}
        </FocusGroup>
      )}
    </div>
  );
}
