/** Fills the screen with the app, not the video alone, so that our own display stays on top. */
export function toggleFullscreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  // A browser may refuse; the film simply stays as large as it is.
  Promise.resolve(change).catch(() => undefined);
}
