import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { Deadlines, type Due } from "../../server/deadlines.ts";

interface Turned {
  readonly deadlines: Deadlines<Due>;
  readonly fired: number[];
  readonly add: (dueAt: number) => Due;
}

/** Deadlines whose clock is turned together with the timers. */
function turned({ mock }: TestContext): Turned {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const fired: number[] = [];
  const deadlines = new Deadlines<Due>(
    ({ dueAt }) => fired.push(dueAt),
    () => Date.now(),
  );
  const add = (dueAt: number): Due => {
    const item = { dueAt, place: -1 };
    deadlines.add(item);
    return item;
  };
  return { deadlines, fired, add };
}

/** Numbers from 1 to 97 in an order that is no order. */
const shuffled = Array.from({ length: 97 }, (_, index) => ((index * 31) % 97) + 1);

suite("deadlines", () => {
  test("come in their order, and never too early", (context) => {
    const { fired, add } = turned(context);
    for (const dueAt of shuffled) add(dueAt);
    for (let now = 1; now <= 97; now += 1) {
      context.mock.timers.tick(1);
      assert.deepEqual(fired.at(-1), now);
      assert.equal(fired.length, now);
    }
  });

  test("do not come when they were taken away", (context) => {
    const { deadlines, fired, add } = turned(context);
    const items = shuffled.map(add);
    const odd = items.filter(({ dueAt }) => dueAt % 2 === 1);
    for (const item of odd) deadlines.remove(item);
    for (const item of odd) deadlines.remove(item);
    for (let now = 1; now <= 97; now += 1) context.mock.timers.tick(1);
    assert.deepEqual(
      fired,
      Array.from({ length: 48 }, (_, index) => 2 * (index + 1)),
    );
  });

  test("that are over come with the next turn", (context) => {
    const { fired, add } = turned(context);
    add(-5);
    assert.deepEqual(fired, []);
    context.mock.timers.tick(1);
    assert.deepEqual(fired, [-5]);
  });

  test("that are all due at once come a few in a turn, and all in the end", (context) => {
    const { fired, add } = turned(context);
    for (let count = 0; count < 25; count += 1) add(10);
    context.mock.timers.tick(10);
    assert.equal(fired.length, 10);
    context.mock.timers.tick(1);
    assert.equal(fired.length, 20);
    context.mock.timers.tick(1);
    assert.equal(fired.length, 25);
  });

  test("may be added and taken away by what another one does", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const fired: number[] = [];
    const third = { dueAt: 3, place: -1 };
    const deadlines = new Deadlines<Due>(
      ({ dueAt }) => {
        fired.push(dueAt);
        if (dueAt === 1) {
          deadlines.remove(third);
          deadlines.add({ dueAt: 2, place: -1 });
        }
      },
      () => Date.now(),
    );
    deadlines.add(third);
    deadlines.add({ dueAt: 1, place: -1 });
    for (let now = 1; now <= 4; now += 1) context.mock.timers.tick(1);
    assert.deepEqual(fired, [1, 2]);
  });

  test("further away than any timer reaches come at their time", (context) => {
    const { fired, add } = turned(context);
    const far = 2 ** 31 + 10;
    add(far);
    context.mock.timers.tick(far - 1);
    assert.deepEqual(fired, []);
    context.mock.timers.tick(1);
    assert.deepEqual(fired, [far]);
  });
});
