import type { ComponentType } from 'react';
import { useFocusTarget } from '../input/useFocusTarget';
import css from './Button.module.css';

interface ButtonLinkProps {
  name?: string;
  icon: ComponentType<{ className?: string }>;
  label: string;
  href: string;
}

/** Looks like a button and opens an address elsewhere, in a new tab. */
export function ButtonLink({ name, icon: Icon, label, href }: ButtonLinkProps) {
  const { ref, props } = useFocusTarget<HTMLAnchorElement>({ name });
  return (
    <a
      ref={ref}
      {...props}
      href={href}
      target="_blank"
      rel="noopener"
      className={`focus-ring ${css.button} ${css.secondary} ${css.link}`}
    >
      <Icon className={css.icon} />
      <span>{label}</span>
    </a>
  );
}
