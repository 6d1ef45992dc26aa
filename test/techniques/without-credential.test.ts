import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { techniques } from "../../techniques/index.ts";
import { converse, presentWithout } from "../client.ts";
import { startLabOf } from "../start-lab.ts";
import { endpointOf, patient } from "./dialogue.ts";

suite(
  "a client that holds no credential is refused for that alone, and need not wait for it",
  () => {
    for (const { id } of techniques) {
      test(id, async () => {
        await using lab = await startLabOf(id, patient);
        const endpoint = endpointOf(lab, id);
        const home = new URL(endpoint.href.replace(/^ws/u, "http"));
        const { events } = await converse(await presentWithout(id, endpoint, home));
        assert.equal(events.at(-1)?.type, "close");
        const refusals = lab.evidence.unattributed.flatMap((entry) =>
          entry.type === "close" || entry.refusal === null ? [] : [entry.refusal],
        );
        assert.deepEqual(refusals, ["no credential"]);
      });
    }
  },
);
