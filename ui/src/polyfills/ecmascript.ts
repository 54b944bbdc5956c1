/**
 * What ECMAScript gained after Chromium 63 and the app or its libraries call. Written here because a
 * general polyfill brings 14 KB gzipped of its own machinery for these six.
 */
const features: [owner: object, name: string, feature: unknown][] = [
  [window, 'globalThis', window],
  [window, 'queueMicrotask', queueMicrotask],
  [Array.prototype, 'flat', flat],
  [Array.prototype, 'flatMap', flatMap],
  [Object, 'fromEntries', fromEntries],
  [Promise, 'allSettled', allSettled],
];

export function addMissingFeatures(): void {
  for (const [owner, name, value] of features) {
    if (!(name in owner))
      Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  }
}

export function queueMicrotask(task: () => void): void {
  Promise.resolve()
    .then(task)
    // Thrown again where the page's error listeners hear of it.
    .catch(error => setTimeout(() => throwAgain(error)));
}

function throwAgain(error: unknown): never {
  throw error;
}

export function flat(this: unknown[], depth = 1): unknown[] {
  return this.reduce<unknown[]>((flattened, item) => {
    if (Array.isArray(item) && depth >= 1) flattened.push(...flat.call(item, depth - 1));
    else flattened.push(item);
    return flattened;
  }, []);
}

export function flatMap<T, U>(this: T[], map: (item: T, index: number, all: T[]) => U | U[]): U[] {
  return flat.call(this.map(map)) as U[];
}

export function fromEntries(entries: Iterable<[PropertyKey, unknown]>): object {
  const made: Record<PropertyKey, unknown> = {};
  for (const [key, value] of Array.from(entries)) made[key] = value;
  return made;
}

export function allSettled<T>(promises: Iterable<T | PromiseLike<T>>) {
  return Promise.all(
    Array.from(promises, promise =>
      Promise.resolve(promise).then(
        value => ({ status: 'fulfilled' as const, value }),
        reason => ({ status: 'rejected' as const, reason }),
      ),
    ),
  );
}
