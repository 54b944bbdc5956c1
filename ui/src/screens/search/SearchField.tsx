import { Search, X } from 'lucide-react';
import { Button } from '../../components/Button';
import { t } from '../../i18n/t';
import { focusKey } from '../../input/focus';
import { inputMode } from '../../input/inputMode';
import { useFocusTarget } from '../../input/useFocusTarget';
import { useLayout } from '../../layout/layout';
import { gridName } from '../../posters/PosterGrid';
import css from './SearchField.module.css';

interface SearchFieldProps {
  text: string;
  onChange: (text: string) => void;
}

export const searchFieldName = 'search-field';
/** On a television the end of a long text is what is being typed. */
const shownOnTv = 22;

/**
 * What is searched for. On a television the letters beside it fill it, and arrows pass it by: going
 * there would open the television's own keyboard.
 */
export function SearchField({ text, onChange }: SearchFieldProps) {
  const isTv = useLayout() === 'tv';
  const { ref, props } = useFocusTarget<HTMLInputElement>({
    name: searchFieldName,
    isEnabled: !isTv,
  });
  return (
    <div className={css.box}>
      <Search aria-hidden className={css.icon} />
      <div className={css.line}>
        <input
          ref={ref}
          {...props}
          tabIndex={0}
          className={css.input}
          type="text"
          inputMode="search"
          value={text}
          placeholder={t('search.placeholder')}
          aria-label={t('search.field')}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          // A pointer resting on the field must not open a keyboard.
          onMouseMove={undefined}
          onFocus={isTv ? undefined : props.onFocus}
          onChange={event => onChange(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter' && event.keyCode !== 13) return;
            event.preventDefault();
            // A thumb wants the keyboard out of the way, keys want the first result.
            if (inputMode() === 'touch') event.currentTarget.blur();
            else if (document.querySelector(`[data-scroller] ul`)) focusKey(gridName);
          }}
        />
        {isTv && text !== '' && (
          <span aria-hidden className={css.typed}>
            {text.length > shownOnTv ? `…${text.slice(1 - shownOnTv)}` : text}
          </span>
        )}
      </div>
      {!isTv && text !== '' && (
        <Button
          name="search-clear"
          kind="quiet"
          isIconOnly
          icon={X}
          label={t('search.clear')}
          onClick={() => {
            onChange('');
            focusKey(searchFieldName);
          }}
        />
      )}
    </div>
  );
}
