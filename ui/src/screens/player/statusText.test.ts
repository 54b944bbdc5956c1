import { expect, test } from 'vitest';
import type { PlaybackStatus } from '../../api/types';
import { readiness, stallText, stepsOf } from './statusText';

const buffering: PlaybackStatus = {
  state: 'buffering',
  peers: { connected: 3, seen: 9 },
  download_bytes_per_s: 0,
  upload_bytes_per_s: 0,
  supply_bytes_per_s: null,
  needed_bytes_per_s: null,
  holds: null,
  buffered_ms: null,
  slack_ms: null,
  downloaded_bytes: 0,
  total_bytes: 100,
  have: [],
  contiguous_bytes: 796_918,
  eta_ms: 3400,
  message: null,
};

test('buffering says how much is ready, from how many peers, and how long it takes', () => {
  expect(stepsOf(buffering)).toEqual(['Buffering 38 %', '3 peers', '~4 s']);
});

test('before the first word it looks for the film', () => {
  expect(stepsOf(null)).toEqual(['Looking for the film']);
  expect(readiness(null)).toBe(0);
});

test('a film that waits shows what the daemon says about it', () => {
  const message = 'No peer has this part.';
  expect(stallText({ ...buffering, state: 'stalled', message })).toBe(message);
  expect(stallText({ ...buffering, state: 'stalled' })).toMatch(/Waiting for data/);
  expect(stallText(buffering)).toBeNull();
});
