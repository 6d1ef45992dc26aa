import { parentPort } from "node:worker_threads";
import { readPublished } from "../results-files.ts";
import { chooserTable } from "./derive-table.ts";
import type { PublishedTable } from "./published-table.ts";
import { guideSources } from "./sources.ts";

const newest = (await readPublished()).at(-1);
const table: PublishedTable = newest === undefined ? null : chooserTable(newest, guideSources);
parentPort?.postMessage(table, []);
