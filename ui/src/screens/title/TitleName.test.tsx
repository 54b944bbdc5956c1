import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isReadableOnDark } from '../../art/lightness';
import { TitleName } from './TitleName';

vi.mock('../../art/lightness');

/** The picture that was asked for last. */
let asked: { onload: (() => void) | null; src: string };

beforeEach(() => {
  vi.stubGlobal(
    'Image',
    class {
      onload: (() => void) | null = null;
      src = '';
      constructor() {
        asked = this;
      }
    },
  );
  vi.mocked(isReadableOnDark).mockReturnValue(true);
});

afterEach(cleanup);

it('shows letters until the lettering is here', () => {
  render(<TitleName title="Low Tide" logo="/logo.png" />);
  expect(screen.getByRole('heading').textContent).toBe('Low Tide');
  expect(asked.src).toBe('/logo.png');
  act(() => asked.onload?.());
  expect(screen.getByRole('img', { name: 'Low Tide' }).getAttribute('src')).toBe('/logo.png');
});

it('keeps the letters where the lettering could not be read on the dark', () => {
  vi.mocked(isReadableOnDark).mockReturnValue(false);
  render(<TitleName title="Low Tide" logo="/black.png" />);
  act(() => asked.onload?.());
  expect(screen.queryByRole('img')).toBeNull();
});

it('goes back to letters for a title without lettering', () => {
  const { rerender } = render(<TitleName title="Low Tide" logo="/logo.png" />);
  act(() => asked.onload?.());
  rerender(<TitleName title="Drift" logo={null} />);
  expect(screen.getByRole('heading').textContent).toBe('Drift');
  expect(screen.queryByRole('img')).toBeNull();
});
