import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { initFocus } from '../input/focus';
import { Field } from './Field';

initFocus();

function TwoFields({
  first,
  second,
  onSubmit,
}: {
  first: string;
  second: string;
  onSubmit: () => void;
}) {
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Field name="first" label="First" value={first} onChange={() => undefined} />
      <Field name="second" label="Second" value={second} onChange={() => undefined} isSecret />
      <button type="submit">Go</button>
    </form>
  );
}

test('Enter goes to the empty field instead of sending half a form', () => {
  const onSubmit = vi.fn();
  render(<TwoFields first="ada" second="" onSubmit={onSubmit} />);
  fireEvent.keyDown(screen.getByLabelText('First'), { key: 'Enter' });
  expect(document.activeElement).toBe(screen.getByLabelText('Second'));
  expect(onSubmit).not.toHaveBeenCalled();
});

test('Enter sends a form whose fields are all filled', () => {
  const onSubmit = vi.fn();
  const { container } = render(<TwoFields first="ada" second="lovelace" onSubmit={onSubmit} />);
  const field = container.querySelector('input');
  if (field) fireEvent.keyDown(field, { key: 'Enter' });
  expect(onSubmit).toHaveBeenCalledTimes(1);
});
