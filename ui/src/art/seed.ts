/** A stream of numbers in [0, 1) that is the same for the same text, on every device. */
export type Random = () => number;

// Park and Miller's "minimal standard" generator; every product stays exact in a double.
const modulus = 2147483647;
const multiplier = 16807;

export function randomOf(text: string): Random {
  let state = 1;
  for (let i = 0; i < text.length; i += 1) {
    state = (state * 131 + text.charCodeAt(i)) % modulus;
  }
  state = Math.max(1, state);
  return () => {
    state = (state * multiplier) % modulus;
    return state / modulus;
  };
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}
