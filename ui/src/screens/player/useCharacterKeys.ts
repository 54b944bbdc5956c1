import { useEffect, useRef } from 'react';
import { isTextField } from '../../input/textField';

export type CharacterAction =
  | { name: 'toggle' }
  | { name: 'step'; direction: 1 | -1 }
  | { name: 'fullscreen' }
  | { name: 'mute' }
  | { name: 'speed'; direction: 1 | -1 }
  | { name: 'jump'; share: number }
  | { name: 'stats' }
  | { name: 'help' };

/** What a typed character does in the player; digits jump to tenths of the film. */
export function characterAction(character: string): CharacterAction | null {
  switch (character.toLowerCase()) {
    case ' ':
    case 'k':
      return { name: 'toggle' };
    case 'j':
      return { name: 'step', direction: -1 };
    case 'l':
      return { name: 'step', direction: 1 };
    case 'f':
      return { name: 'fullscreen' };
    case 'm':
      return { name: 'mute' };
    case '<':
      return { name: 'speed', direction: -1 };
    case '>':
      return { name: 'speed', direction: 1 };
    case 'i':
      return { name: 'stats' };
    case '?':
      return { name: 'help' };
    default:
      return /^[0-9]$/.test(character) ? { name: 'jump', share: Number(character) / 10 } : null;
  }
}

export function useCharacterKeys(act: (action: CharacterAction, isRepeat: boolean) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return;
      const action = characterAction(event.key);
      if (!action) return;
      event.preventDefault();
      latest.current(action, event.repeat);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
