import type { ReactNode } from 'react';
import { FocusGroup } from '../input/FocusGroup';
import css from './GridPage.module.css';

interface GridPageProps {
  preferred?: string;
  /** Without the glow; something covers the page in its flat colour. */
  isPlain?: boolean;
  children: ReactNode;
}

/** The frame of a screen made of posters: it scrolls by itself on a television, with the page elsewhere. */
export function GridPage({ preferred, isPlain = false, children }: GridPageProps) {
  return (
    <FocusGroup
      name="screen"
      as="main"
      preferred={preferred}
      className={isPlain ? undefined : css.glow}
    >
      <div data-scroller className={css.scroller}>
        <div className={css.content}>{children}</div>
      </div>
    </FocusGroup>
  );
}
