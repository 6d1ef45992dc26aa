import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openAuthority, type Certificates } from "../server/certificates.ts";

const folder = mkdtempSync(join(tmpdir(), "authority-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The authority of this test file's labs, which the test's client trusts. */
export const testAuthority: Certificates = await openAuthority(pathToFileURL(`${folder}/`));
