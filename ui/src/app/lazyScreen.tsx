import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { ScreenSkeleton } from './ScreenSkeleton';

/** The code of a part of the app did not come: the server is away, or has a newer version. */
export class MissingCodeError extends Error {
  constructor(cause: unknown) {
    super(String(cause));
    this.name = 'MissingCodeError';
  }
}

/**
 * A part of the app whose code comes when it is wanted. Once `preload` has brought it, it is drawn at once;
 * React's own `lazy` would first show what stands in for it, and keep that for 300 ms.
 */
export function lazyScreen<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  standIn: ReactNode = <ScreenSkeleton />,
) {
  let Loaded: ComponentType<P> | undefined;
  const read = async () => {
    Loaded = (await load()).default;
    return Loaded;
  };

  function LazyScreen(props: P) {
    const [Content, setContent] = useState(() => Loaded);
    const [error, setError] = useState<unknown>();
    useEffect(() => {
      let isShown = true;
      if (!Loaded) {
        read().then(
          loaded => isShown && setContent(() => loaded),
          cause => isShown && setError(new MissingCodeError(cause)),
        );
      }
      return () => {
        isShown = false;
      };
    }, []);
    if (error) throw error;
    return Content ? <Content {...props} /> : standIn;
  }

  /** Brings the code ahead; when it does not come, whoever opens the screen hears of it. */
  const preload = (): Promise<void> => read().then(noResult, noResult);
  return Object.assign(LazyScreen, { preload });
}

const noResult = () => undefined;
