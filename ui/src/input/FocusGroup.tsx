import { FocusContext, useFocusable } from '@noriginmedia/norigin-spatial-navigation';
import type { CSSProperties, ReactNode } from 'react';

interface FocusGroupProps {
  name: string;
  /** The child that gets the focus first; afterwards the group remembers the last one. */
  preferred?: string;
  /** Keeps arrows inside, as in a sheet. */
  isBoundary?: boolean;
  remembersLast?: boolean;
  as?: 'div' | 'main' | 'nav' | 'section' | 'form' | 'ul';
  className?: string;
  style?: CSSProperties;
  role?: string;
  label?: string;
  isModal?: boolean;
  onSubmit?: (event: React.FormEvent) => void;
  children: ReactNode;
}

/** A part of the screen that arrows treat as one: they enter it as a whole and find their way inside. */
export function FocusGroup(props: FocusGroupProps) {
  const { name, preferred, isBoundary, remembersLast = true, as: Tag = 'div', children } = props;
  const { ref, focusKey } = useFocusable({
    focusKey: name,
    preferredChildFocusKey: preferred,
    saveLastFocusedChild: remembersLast,
    isFocusBoundary: isBoundary,
  });
  return (
    <FocusContext.Provider value={focusKey}>
      <Tag
        ref={ref}
        tabIndex={-1}
        className={props.className}
        style={props.style}
        role={props.role}
        aria-label={props.label}
        aria-modal={props.isModal}
        onSubmit={props.onSubmit}
      >
        {children}
      </Tag>
    </FocusContext.Provider>
  );
}
