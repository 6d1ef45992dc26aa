/**
 * How much is tried: `HOSTILE_CASES=10000 node --test "test/hostile/*.test.ts"` is the nightly size, and
 * `HOSTILE_SEED` makes what another run has made.
 */
export const size: { readonly cases: number | null; readonly seed: number } = {
  cases: numberIn("HOSTILE_CASES"),
  seed: numberIn("HOSTILE_SEED") ?? 20_260_101,
};

function numberIn(name: string): number | null {
  const text = process.env[name];
  if (text === undefined || text === "") return null;
  const number = Number(text);
  if (!Number.isInteger(number)) throw new Error(`${name} takes a whole number, not "${text}"`);
  return number;
}
