import { useEffect, useRef } from 'react';
import { useKeys } from '../../input/keyboard';
import { isTextField } from '../../input/textField';

/**
 * Letters of a real keyboard go into the text wherever the focus is. Backspace takes them out again,
 * but only after such letters: on some remotes it is Back.
 */
export function useTyping(
  text: string,
  onType: (text: string) => void,
  onCharacter: (character: string) => void,
): void {
  const latest = useRef({ text, onType, onCharacter });
  latest.current = { text, onType, onCharacter };
  const hasTyped = useRef(false);

  useEffect(() => {
    const take = (event: KeyboardEvent) => {
      const { text, onType, onCharacter } = latest.current;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (isTextField(event.target) || event.key.length !== 1) return;
      if (event.key === ' ' && !isSpaceOf(text)) return;
      event.preventDefault();
      hasTyped.current = true;
      onType(text + event.key);
      onCharacter(event.key);
    };
    window.addEventListener('keydown', take);
    return () => window.removeEventListener('keydown', take);
  }, []);

  useKeys((key, event) => {
    if (key !== 'back' || event.key !== 'Backspace') return false;
    if (!hasTyped.current || text === '') return false;
    onType(text.slice(0, -1));
    return true;
  });
}

/** Between words it is a letter; before the first it presses what has the focus, as everywhere. */
function isSpaceOf(text: string): boolean {
  return text !== '' && !text.endsWith(' ') && document.activeElement?.closest('nav') === null;
}
