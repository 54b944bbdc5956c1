import { X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { goBack } from '../app/history';
import { t } from '../i18n/t';
import { FocusGroup } from '../input/FocusGroup';
import { currentFocusKey, focusKey } from '../input/focus';
import { Button } from './Button';
import css from './Sheet.module.css';

interface SheetProps {
  name: string;
  heading: string;
  /** The entry that gets the focus; otherwise the first one. */
  preferred?: string;
  children: ReactNode;
}

/** A panel over the current screen. Its history entry is already there; closing goes back. */
export function Sheet({ name, heading, preferred, children }: SheetProps) {
  useEffect(() => {
    const opener = currentFocusKey();
    focusKey(name);
    return () => focusKey(opener);
  }, [name]);

  return (
    <div className={css.layer}>
      <button type="button" tabIndex={-1} aria-hidden className={css.scrim} onClick={goBack} />
      <FocusGroup
        name={name}
        preferred={preferred}
        isBoundary
        isModal
        className={css.sheet}
        role="dialog"
        label={heading}
      >
        <header className={css.header}>
          <h2 className={css.heading}>{heading}</h2>
          <Button
            name={`${name}-close`}
            kind="quiet"
            isIconOnly
            icon={X}
            label={t('close')}
            onClick={goBack}
          />
        </header>
        {children}
      </FocusGroup>
    </div>
  );
}
