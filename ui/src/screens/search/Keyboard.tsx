import { Delete, type LucideIcon, Space, X } from 'lucide-react';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './Keyboard.module.css';

const characters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');

export const keyboardName = 'keyboard';
export const keyName = (character: string) =>
  character === ' ' ? 'key-space' : `key-${character.toLowerCase()}`;

interface KeyboardProps {
  text: string;
  onChange: (text: string) => void;
}

/** Six by six letters and digits for the remote. Left by →, it keeps its key for whoever comes back. */
export function Keyboard({ text, onChange }: KeyboardProps) {
  return (
    <FocusGroup
      name={keyboardName}
      role="group"
      label={t('search.keyboard')}
      className={css.keyboard}
    >
      {characters.map(character => (
        <KeyButton
          key={character}
          name={keyName(character)}
          label={character}
          onClick={() => onChange(text + character)}
        />
      ))}
      <KeyButton
        name="key-space"
        label={t('search.space')}
        icon={Space}
        onClick={() => onChange(/(^|\s)$/.test(text) ? text : `${text} `)}
      />
      <KeyButton
        name="key-delete"
        label={t('search.delete')}
        icon={Delete}
        onClick={() => onChange(text.slice(0, -1))}
      />
      <KeyButton name="key-clear" label={t('search.clear')} icon={X} onClick={() => onChange('')} />
    </FocusGroup>
  );
}

interface KeyButtonProps {
  name: string;
  label: string;
  /** Stands for the label; such keys are twice as wide. */
  icon?: LucideIcon;
  onClick: () => void;
}

function KeyButton({ name, label, icon: Icon, onClick }: KeyButtonProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name, scrolls: false });
  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={Icon ? `${css.key} ${css.wide}` : css.key}
      aria-label={Icon && label}
      onClick={onClick}
    >
      {Icon ? <Icon aria-hidden className={css.icon} /> : label}
    </button>
  );
}
