/**
 * What a key means, whatever the remote calls it. Televisions report private key codes (Tizen and
 * webOS each their own), desktops report names; both end here.
 */
export type Key =
  | 'left'
  | 'up'
  | 'right'
  | 'down'
  | 'ok'
  | 'back'
  | 'exit'
  | 'play_pause'
  | 'play'
  | 'pause'
  | 'stop'
  | 'forward'
  | 'rewind'
  | 'next_row'
  | 'previous_row'
  | 'info'
  | 'ime_done'
  | 'ime_cancel';

const byCode: Record<number, Key> = {
  37: 'left',
  38: 'up',
  39: 'right',
  40: 'down',
  13: 'ok',
  8: 'back',
  27: 'back',
  166: 'back',
  461: 'back', // webOS
  10009: 'back', // Tizen
  10182: 'exit', // Tizen, long press on Back
  179: 'play_pause',
  10252: 'play_pause', // Tizen smart remotes send only this one
  415: 'play',
  19: 'pause',
  413: 'stop',
  417: 'forward',
  10233: 'forward', // Tizen basic remote, long press
  412: 'rewind',
  10232: 'rewind',
  33: 'previous_row', // PageUp, and channel up on webOS
  34: 'next_row',
  427: 'previous_row', // Tizen channel up
  428: 'next_row',
  457: 'info',
  93: 'info', // the menu key of a keyboard
  65376: 'ime_done',
  65385: 'ime_cancel',
};

const byName: Record<string, Key> = {
  ArrowLeft: 'left',
  ArrowUp: 'up',
  ArrowRight: 'right',
  ArrowDown: 'down',
  Enter: 'ok',
  Escape: 'back',
  Backspace: 'back',
  BrowserBack: 'back',
  GoBack: 'back',
  XF86Back: 'back',
  MediaPlayPause: 'play_pause',
  MediaPlay: 'play',
  MediaPause: 'pause',
  MediaStop: 'stop',
  MediaFastForward: 'forward',
  MediaRewind: 'rewind',
  MediaTrackNext: 'forward',
  MediaTrackPrevious: 'rewind',
  PageUp: 'previous_row',
  PageDown: 'next_row',
  ChannelUp: 'previous_row',
  ChannelDown: 'next_row',
  Info: 'info',
  ContextMenu: 'info',
};

export interface KeyPress {
  key: string;
  keyCode: number;
}

/** The meaning of a key press, or null for a key that only types. */
export function keyOf(press: KeyPress): Key | null {
  return byName[press.key] ?? byCode[press.keyCode] ?? null;
}

export type Arrow = 'left' | 'up' | 'right' | 'down';

export function isArrow(key: Key): key is Arrow {
  return key === 'left' || key === 'up' || key === 'right' || key === 'down';
}

/** Names the Tizen wrapper must ask for; without it the television keeps these keys to itself. */
export const tizenKeyNames = [
  'MediaPlayPause',
  'MediaPlay',
  'MediaPause',
  'MediaStop',
  'MediaFastForward',
  'MediaRewind',
  'MediaTrackNext',
  'MediaTrackPrevious',
  'ChannelUp',
  'ChannelDown',
  'Info',
];
