/** How long to wait before asking for the stream again, or null when it is time to say so. */
const delaysMs = [500, 2000, 5000, 10_000];

export function retryDelayMs(attempt: number): number | null {
  return delaysMs[attempt] ?? null;
}

/** Watching this long without a fault forgives the faults before. */
export const forgivenAfterMs = 30_000;
