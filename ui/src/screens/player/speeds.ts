export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The next faster or slower speed; the ends stay where they are. */
export function nextSpeed(current: number, direction: 1 | -1): number {
  const index = speeds.indexOf(current);
  return speeds[(index === -1 ? speeds.indexOf(1) : index) + direction] ?? current;
}

/** webOS plays at normal speed only, so offering others there would be a lie. */
export function canChangeSpeed(userAgent: string = navigator.userAgent): boolean {
  return !/Web0S|webOS\.TV/.test(userAgent);
}
