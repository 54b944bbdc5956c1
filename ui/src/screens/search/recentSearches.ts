/** What a person searched for and then opened something of, newest first; kept in this browser. */
const most = 8;
const shortest = 2;

const keyFor = (userId: number) => `miauflix.recent-searches.${userId}`;

export function readRecent(userId: number): string[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(keyFor(userId)) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter((text): text is string => typeof text === 'string').slice(0, most);
  } catch {
    // Storage may be switched off, or hold something of another time.
    return [];
  }
}

export function noteRecent(userId: number, text: string): void {
  const trimmed = text.trim();
  if (trimmed.length < shortest) return;
  const same = (other: string) => other.toLowerCase() === trimmed.toLowerCase();
  const others = readRecent(userId).filter(other => !same(other));
  keep(userId, [trimmed, ...others].slice(0, most));
}

export function forgetRecent(userId: number): void {
  keep(userId, []);
}

function keep(userId: number, texts: string[]): void {
  try {
    if (texts.length > 0) window.localStorage.setItem(keyFor(userId), JSON.stringify(texts));
    else window.localStorage.removeItem(keyFor(userId));
  } catch {
    // Then they last no longer than the page.
  }
}
