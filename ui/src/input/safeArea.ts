/** Share of the screen's edges a television may cut off. */
const safeShare = 0.05;

/** Scrolls the page just enough that the element lies inside the safe area, with room to breathe. */
export function scrollIntoSafeArea(
  element: HTMLElement,
  behavior: ScrollBehavior = 'smooth',
): void {
  const scroller = scrollerOf(element);
  const { top, bottom } = element.getBoundingClientRect();
  const height = window.innerHeight;
  const margin = height * safeShare * 2;
  const delta =
    top < margin
      ? top - margin
      : bottom > height - margin
        ? Math.min(bottom - (height - margin), top - margin)
        : 0;
  if (Math.abs(delta) > 1) scroller.scrollBy({ top: delta, behavior });
}

function scrollerOf(element: HTMLElement): Element | Window {
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    if (parent.scrollHeight > parent.clientHeight + 1) {
      const { overflowY } = getComputedStyle(parent);
      if (overflowY === 'auto' || overflowY === 'scroll') return parent;
    }
  }
  return window;
}
