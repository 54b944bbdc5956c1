import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFocusTarget } from '../input/useFocusTarget';
import css from './ListRow.module.css';

interface ListRowProps {
  name?: string;
  icon?: LucideIcon;
  heading: string;
  detail?: ReactNode;
  /** What stands at the end of the row: a value, a state, or what OK does. */
  trailing?: ReactNode;
  isCurrent?: boolean;
  isExpanded?: boolean;
  onClick?: () => void;
}

/** One entry of a list, focusable as a whole. */
export function ListRow(props: ListRowProps) {
  const { icon: Icon } = props;
  const { ref, props: focus } = useFocusTarget<HTMLButtonElement>({ name: props.name });
  return (
    <button
      ref={ref}
      {...focus}
      type="button"
      className={css.row}
      aria-current={props.isCurrent || undefined}
      aria-expanded={props.isExpanded}
      onClick={props.onClick}
    >
      {Icon && <Icon aria-hidden className={css.icon} />}
      <span className={css.text}>
        <span className={css.heading}>{props.heading}</span>
        {props.detail && <span className={css.detail}>{props.detail}</span>}
      </span>
      {props.trailing && <span className={css.trailing}>{props.trailing}</span>}
    </button>
  );
}
