import type { ReactNode } from 'react';
import { FocusGroup } from '../input/FocusGroup';
import css from './Screen.module.css';

interface ScreenProps {
  heading?: string;
  /** One sentence under the heading. */
  lead?: string;
  preferred?: string;
  /** Read out in place of a heading. */
  label?: string;
  /** Text columns stay narrow; tables and trees take the width. */
  isWide?: boolean;
  children: ReactNode;
}

/** The main part of a page that scrolls: heading, lead, content, inside the safe area. */
export function Screen({ heading, lead, preferred, label, isWide, children }: ScreenProps) {
  return (
    <FocusGroup name="screen" as="main" preferred={preferred} label={label} className={css.screen}>
      <div className={isWide ? css.wide : css.column}>
        {heading && <h1 className={css.heading}>{heading}</h1>}
        {lead && <p className={css.lead}>{lead}</p>}
        {children}
      </div>
    </FocusGroup>
  );
}
