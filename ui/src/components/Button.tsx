import type { ComponentType } from 'react';
import { useFocusTarget } from '../input/useFocusTarget';
import css from './Button.module.css';

interface ButtonProps {
  name?: string;
  icon?: ComponentType<{ className?: string }>;
  label: string;
  /** Shows the icon alone; the label is then read out only. */
  isIconOnly?: boolean;
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  type?: 'button' | 'submit';
  isBusy?: boolean;
  isDisabled?: boolean;
  isPressed?: boolean;
  onFocus?: () => void;
  onClick?: () => void;
}

export function Button(props: ButtonProps) {
  const { name, icon: Icon, label, kind = 'secondary', type = 'button' } = props;
  const { ref, props: focus } = useFocusTarget<HTMLButtonElement>({ name, onFocus: props.onFocus });
  const classes = ['focus-ring', css.button, css[kind], props.isIconOnly && css.iconOnly];
  return (
    <button
      ref={ref}
      {...focus}
      // A disabled button would drop the focus to nowhere, so it stays reachable and only says so.
      aria-disabled={props.isDisabled || props.isBusy || undefined}
      aria-pressed={props.isPressed}
      aria-label={props.isIconOnly ? label : undefined}
      type={type}
      className={classes.filter(Boolean).join(' ')}
      onClick={props.isDisabled || props.isBusy ? undefined : props.onClick}
    >
      {Icon && <Icon className={css.icon} />}
      {!props.isIconOnly && <span>{label}</span>}
    </button>
  );
}
