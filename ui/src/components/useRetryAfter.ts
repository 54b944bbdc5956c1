import { useEffect, useState } from 'react';
import { isApiError } from '../api/errors';

/** Counts down the seconds an error asks to wait; 0 when it asks for none or they are over. */
export function useRetryAfter(error: unknown): number {
  const [left, setLeft] = useState(0);

  useEffect(() => {
    const until = Date.now() + ((isApiError(error) && error.retryAfterSeconds) || 0) * 1000;
    const secondsLeft = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
    setLeft(secondsLeft());
    if (secondsLeft() === 0) return;
    const timer = window.setInterval(() => {
      setLeft(secondsLeft());
      if (secondsLeft() === 0) window.clearInterval(timer);
    }, 500);
    return () => window.clearInterval(timer);
  }, [error]);

  return left;
}
