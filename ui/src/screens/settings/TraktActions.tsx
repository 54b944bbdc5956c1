import type { ReactNode } from 'react';
import { FocusGroup } from '../../input/FocusGroup';
import css from './TraktPage.module.css';

export const traktActions = 'trakt-actions';

/** What can be done in the present state; the focus comes here. */
export function TraktActions({ children }: { children: ReactNode }) {
  return (
    <FocusGroup name={traktActions} className={css.actions}>
      {children}
    </FocusGroup>
  );
}
