import { Eye, EyeOff } from 'lucide-react';
import { useId, useState } from 'react';
import { t } from '../i18n/t';
import { useFocusTarget } from '../input/useFocusTarget';
import { Button } from './Button';
import css from './Field.module.css';

interface FieldProps {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  autoComplete?: string;
  isSecret?: boolean;
  isLong?: boolean;
}

/** One line of typed text. Enter goes to the next empty field of the form, or sends it. */
export function Field(props: FieldProps) {
  const { name, label, value, hint, isSecret = false } = props;
  const [isShown, setShown] = useState(false);
  const id = useId();
  const { ref, props: focus } = useFocusTarget<HTMLInputElement>({ name });

  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.line}>
        <div className={css.box}>
          <input
            ref={ref}
            {...focus}
            id={id}
            className={css.input}
            type={isSecret && !isShown ? 'password' : 'text'}
            value={value}
            autoComplete={props.autoComplete ?? 'off'}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            aria-describedby={hint ? `${id}-hint` : undefined}
            // A pointer resting on a field must not open a keyboard.
            onMouseMove={undefined}
            onChange={event => props.onChange(event.target.value)}
            onKeyDown={event => {
              if (event.key !== 'Enter' && event.keyCode !== 13) return;
              event.preventDefault();
              advance(event.currentTarget);
            }}
          />
        </div>
        {isSecret && (
          <Button
            name={`${name}-reveal`}
            isIconOnly
            icon={isShown ? EyeOff : Eye}
            label={t(isShown ? 'field.hide' : 'field.show')}
            onClick={() => setShown(!isShown)}
          />
        )}
      </div>
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

function advance(input: HTMLInputElement): void {
  const form = input.form;
  if (!form) return;
  const fields = Array.from(form.querySelectorAll('input'));
  const nextEmpty = fields.find(field => field !== input && field.value === '');
  if (nextEmpty) nextEmpty.focus();
  else form.querySelector<HTMLButtonElement>('button[type=submit]')?.click();
}
