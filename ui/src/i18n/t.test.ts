import { expect, test } from 'vitest';
import { t } from './t';

test('variables are filled in', () => {
  expect(t('player.endsAt', { time: '22:47' })).toBe('ends 22:47');
});

test('the count chooses the plural form', () => {
  expect(t('status.peers', { count: 1 })).toBe('1 peer');
  expect(t('status.peers', { count: 0 })).toBe('0 peers');
  expect(t('status.peers', { count: 12 })).toBe('12 peers');
});
