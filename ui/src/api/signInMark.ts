/**
 * A mark in this browser that someone is signed in here. The cookies themselves are hidden from
 * the page; without the mark a first visit would ask twice and be refused twice before sign-in.
 */
const key = 'miauflix.signed-in';

export function hasSignInMark(): boolean {
  try {
    return window.localStorage.getItem(key) !== null;
  } catch {
    // Storage may be switched off; then asking the daemon is the only way to know.
    return true;
  }
}

export function setSignInMark(isSignedIn: boolean): void {
  try {
    if (isSignedIn) window.localStorage.setItem(key, '1');
    else window.localStorage.removeItem(key);
  } catch {
    // The next visit asks the daemon instead.
  }
}
