import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { initFocus } from '../input/focus';
import { lazyScreen } from './lazyScreen';
import { ScreenBoundary } from './ScreenBoundary';

initFocus();
afterEach(cleanup);

const Page = ({ name }: { name: string }) => <p>Page of {name}</p>;
const standIn = <p>Waiting</p>;

it('shows what stands in until the code has come', async () => {
  const Lazy = lazyScreen(async () => ({ default: Page }), standIn);
  render(<Lazy name="ada" />);
  expect(screen.getByText('Waiting')).toBeTruthy();
  expect(await screen.findByText('Page of ada')).toBeTruthy();
});

it('draws a screen at once whose code was brought ahead', async () => {
  const Lazy = lazyScreen(async () => ({ default: Page }), standIn);
  await Lazy.preload();
  render(<Lazy name="grace" />);
  expect(screen.getByText('Page of grace')).toBeTruthy();
});

it('offers to try again when the code does not come, and asks anew when opened anew', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const load = vi.fn<() => Promise<{ default: typeof Page }>>();
  load.mockRejectedValue(new TypeError('Failed to fetch dynamically imported module'));
  const Lazy = lazyScreen(load, standIn);
  await Lazy.preload();
  const { unmount } = render(
    <ScreenBoundary>
      <Lazy name="ada" />
    </ScreenBoundary>,
  );
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeTruthy();
  unmount();

  load.mockResolvedValue({ default: Page });
  render(<Lazy name="ada" />);
  expect(await screen.findByText('Page of ada')).toBeTruthy();
});
