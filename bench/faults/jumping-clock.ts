/** Loaded before a program, it has the wall clock jump a day ahead, and back again, every second. */
const dayMs = 86_400_000;
const beganAt = performance.now();
const realNow = Date.now;

function now(): number {
  const jumps = Math.floor((performance.now() - beganAt) / 1_000);
  return realNow() + (jumps % 2) * dayMs;
}

globalThis.Date = new Proxy(Date, {
  apply: (target) => Reflect.construct(target, [now()]).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
});
