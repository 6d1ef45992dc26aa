import { flushCompileCache } from "node:module";
import { keepCompiled } from "../experiments/compile-cache.ts";

// Before all else is loaded, which is what a start is made of.
keepCompiled();
const { start } = await import("./start.ts");
await start();
// Node itself does so when it ends in peace.
flushCompileCache();
