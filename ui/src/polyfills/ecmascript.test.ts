import { describe, expect, it, vi } from 'vitest';
import * as own from './ecmascript';

describe('each feature does what the engine’s own does', () => {
  it('flattens one level unless told otherwise', () => {
    const nested = [1, [2, [3, [4]]]];
    expect(own.flat.call(nested)).toEqual(nested.flat());
    expect(own.flat.call(nested, 0)).toEqual(nested.flat(0));
    expect(own.flat.call(nested, Infinity)).toEqual(nested.flat(Infinity));
    const twice = (item: number) => [item, [item]];
    expect(own.flatMap.call([1, 2], twice as never)).toEqual([1, 2].flatMap(twice));
  });

  it('makes objects of entries', () => {
    const entries = new Map<string, unknown>([['a', 1]]).set('b', 2);
    expect(own.fromEntries(entries as never)).toEqual(Object.fromEntries(entries));
  });

  it('waits for promises of either outcome', async () => {
    const promises = () => [Promise.resolve(1), Promise.reject(2), 3];
    expect(await own.allSettled(promises())).toEqual(await Promise.allSettled(promises()));
  });

  it('runs a microtask before a timer', async () => {
    const order: string[] = [];
    setTimeout(() => order.push('timer'));
    own.queueMicrotask(() => order.push('microtask'));
    await vi.waitFor(() => expect(order).toHaveLength(2));
    expect(order).toEqual(['microtask', 'timer']);
  });
});

it('leaves alone what the engine has, and adds what it lacks', () => {
  const native = Array.prototype.flat;
  own.addMissingFeatures();
  expect(Array.prototype.flat).toBe(native);

  const engines = Object.getOwnPropertyDescriptor(Object, 'fromEntries') as PropertyDescriptor;
  Reflect.deleteProperty(Object, 'fromEntries');
  own.addMissingFeatures();
  expect(Object.getOwnPropertyDescriptor(Object, 'fromEntries')).toMatchObject({
    value: own.fromEntries,
    enumerable: false,
  });
  Object.defineProperty(Object, 'fromEntries', engines);
});
