import assert from "node:assert/strict";
import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { openKeptSite, type KeptSite } from "../../site/kept-site.ts";

/** What is there to draw from; tests change it while sites are open. */
interface World {
  code: string;
  results: string;
  isWhole: boolean;
  /** Told before a file is drawn. */
  onDraw: () => void;
  /** How many sites were made to draw from. */
  sites: number;
  readonly drawn: string[];
  readonly problems: string[];
}

function worldOf(): World {
  const told = { sites: 0, drawn: [], problems: [] };
  return { code: "1", results: "a", isWhole: true, onDraw: () => {}, ...told };
}

function open(folder: string, world: World): KeptSite {
  return openKeptSite({
    directory: pathToFileURL(`${folder}/`),
    codeState: () => world.code,
    resultsState: async () => world.results,
    load: async () => {
      const { code } = world;
      // Longer than others' looks at the folder, as real loading is.
      for (let looks = 0; looks < 10; looks += 1) await readdir(tmpdir());
      return () => {
        const { results } = world;
        world.sites += 1;
        return {
          isWhole: () => world.isWhole,
          file: async (path) => {
            world.onDraw();
            world.drawn.push(path);
            if (path === "none.html") return undefined;
            return {
              type: "text/html; charset=utf-8",
              body: `${path}\nof ${code} and ${results}\n`,
            };
          },
        };
      };
    },
    onProblem: (sentence) => world.problems.push(sentence),
  });
}

async function bodyOf(site: KeptSite, path = "index.html"): Promise<string | undefined> {
  const file = await site.file(path);
  await site.keepDrawn();
  return file?.body;
}

/** Every file below a folder. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe("a page that was drawn", () => {
  test("is not drawn again at the next start", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
    const world = worldOf();
    const first = await bodyOf(open(folder.path, world));
    const next = await open(folder.path, world).file("index.html");
    assert.deepEqual(next, { type: "text/html; charset=utf-8", body: first });
    assert.deepEqual(world.drawn, ["index.html"]);
  });

  const changes: readonly { readonly name: string; readonly make: (world: World) => void }[] = [
    { name: "the results", make: (world) => (world.results = "b") },
    { name: "the code", make: (world) => (world.code = "2") },
  ];
  for (const { name, make } of changes) {
    test(`is drawn anew when ${name} changed between two starts`, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
      const world = worldOf();
      await bodyOf(open(folder.path, world));
      make(world);
      const body = await bodyOf(open(folder.path, world));
      assert.equal(body, `index.html\nof ${world.code} and ${world.results}\n`);
      assert.equal(world.drawn.length, 2);
    });

    test(`is drawn anew when ${name} changed while the site is open`, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
      const world = worldOf();
      const site = open(folder.path, world);
      await bodyOf(site);
      make(world);
      await bodyOf(site);
      assert.equal(world.drawn.length, 2);
    });

    test(`is not kept when ${name} changed while it was drawn`, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
      const world = worldOf();
      const [before, site] = [{ ...world }, open(folder.path, world)];
      world.onDraw = () => make(world);
      await bodyOf(site);
      world.onDraw = () => {};
      assert.deepEqual(await filesIn(folder.path), []);
      Object.assign(world, { code: before.code, results: before.results });
      await bodyOf(open(folder.path, world));
      assert.equal(world.drawn.length, 2);
    });
  }

  test("is not kept by modules that were loaded before the code changed", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
    const world = worldOf();
    const site = open(folder.path, world);
    await site.file("learn.html");
    world.code = "2";
    assert.match((await bodyOf(site)) ?? "", /of 1 and a/u);
    assert.match((await bodyOf(open(folder.path, world))) ?? "", /of 2 and a/u);
  });

  test("is not kept by them when it has changed back since", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
    const world = worldOf();
    const site = open(folder.path, world);
    await site.file("learn.html");
    world.code = "2";
    await site.file("index.html");
    world.code = "1";
    await site.keepDrawn();
    world.code = "2";
    assert.match((await bodyOf(open(folder.path, world))) ?? "", /of 2 and a/u);
  });

  test("is not kept without a file that could not be read", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
    const world = worldOf();
    world.isWhole = false;
    await bodyOf(open(folder.path, world));
    world.isWhole = true;
    await bodyOf(open(folder.path, world));
    assert.equal(world.drawn.length, 2);
  });

  test("leaves nothing of earlier results behind", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
    const world = worldOf();
    for (const results of ["a", "b", "c"]) {
      world.results = results;
      await bodyOf(open(folder.path, world));
    }
    assert.equal((await filesIn(folder.path)).length, 1);
  });
});

describe("what is kept and then damaged is drawn anew", () => {
  const damages: readonly { readonly name: string; readonly of: (text: string) => string }[] = [
    { name: "cut off", of: (text) => text.slice(0, -5) },
    { name: "emptied", of: () => "" },
    { name: "changed in its text", of: (text) => text.replace("index", "inDex") },
    { name: "changed in its type", of: (text) => text.replace("html", "htm") },
    { name: "without its digest", of: (text) => text.slice(text.indexOf("\n") + 1) },
  ];
  for (const { name, of } of damages) {
    test(name, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
      const world = worldOf();
      const body = await bodyOf(open(folder.path, world));
      for (const path of await filesIn(folder.path)) {
        await writeFile(path, of(await readFile(path, "utf8")));
      }
      assert.equal(await bodyOf(open(folder.path, world)), body);
      assert.equal(world.drawn.length, 2);
    });
  }
});

test("a site whose folder cannot be written to says so once, and goes on", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  const blocked = join(folder.path, "file");
  await writeFile(blocked, "");
  const world = worldOf();
  const site = open(blocked, world);
  assert.match((await bodyOf(site)) ?? "", /^index/u);
  assert.match((await bodyOf(site, "learn.html")) ?? "", /^learn/u);
  assert.equal(world.problems.length, 1);
  assert.match(world.problems[0] ?? "", /^drawn pages are not kept for the next start: /u);
});

test("a path that leads elsewhere leads to no file", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  const site = open(join(folder.path, "kept"), worldOf());
  await bodyOf(site, "../../outside.html");
  assert.deepEqual(await readdir(folder.path), ["kept"]);
  assert.equal(await site.file("none.html"), null);
});

test("what could not be drawn is drawn the next time", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  const world = worldOf();
  const site = open(folder.path, world);
  world.onDraw = () => {
    throw new Error("half a file");
  };
  await assert.rejects(site.file("index.html"), /half a file/u);
  world.onDraw = () => {};
  assert.match((await bodyOf(site)) ?? "", /^index/u);
});

test("pages that are asked for at once are drawn from one site", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  const world = worldOf();
  const site = open(folder.path, world);
  const paths = ["index.html", "learn.html", "try.html", "compare.html", "live.html"];
  await Promise.all(paths.map((path) => site.file(path)));
  assert.deepEqual(world.drawn.toSorted(), paths.toSorted());
  assert.equal(world.sites, 1);
});

test("a page is not kept when another one of its site could not be drawn", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  const world = worldOf();
  const site = open(folder.path, world);
  await site.file("index.html");
  world.onDraw = () => {
    throw new Error("half a file");
  };
  await assert.rejects(site.file("learn.html"), /half a file/u);
  world.onDraw = () => {};
  await bodyOf(site, "try.html");
  assert.equal((await filesIn(folder.path)).length, 1);
});

test("code that cannot be read when pages are kept is told, and rejects nothing", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  const world = worldOf();
  const site = open(folder.path, world);
  await site.file("index.html");
  Object.defineProperty(world, "code", {
    get: () => {
      throw new Error("too many open files");
    },
  });
  await site.keepDrawn();
  assert.match(world.problems.join("\n"), /too many open files$/u);
});
