import { Check } from 'lucide-react';
import { useFocusTarget } from '../input/useFocusTarget';
import css from './ChoiceButton.module.css';

interface ChoiceButtonProps {
  name: string;
  label: string;
  /** The language of the label, where it is not that of the app. */
  lang?: string;
  isCurrent: boolean;
  onClick: () => void;
}

/** One of several things of which one holds. */
export function ChoiceButton({ name, label, lang, isCurrent, onClick }: ChoiceButtonProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name });
  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={css.choice}
      aria-pressed={isCurrent}
      onClick={onClick}
    >
      <span lang={lang} className={css.label}>
        {label}
      </span>
      {isCurrent && <Check aria-hidden className={css.check} />}
    </button>
  );
}
