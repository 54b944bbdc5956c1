import { expect, test } from 'vitest';
import { setupTokenOf } from './setupToken';

test('the token is read from the fragment before the query', () => {
  expect(setupTokenOf({ hash: '#token=quiet', search: '?token=loud' })).toBe('quiet');
  expect(setupTokenOf({ hash: '', search: '?token=loud' })).toBe('loud');
  expect(setupTokenOf({ hash: '', search: '' })).toBe('');
});
