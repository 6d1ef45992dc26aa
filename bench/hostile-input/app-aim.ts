import * as fc from "fast-check";
import { byteEdits, bytesOf, edited, passages, type ByteEdit, type Passage } from "./bytes.ts";
import type { Aim } from "./campaign.ts";
import { headEdits, methods, types, type HeadEdit, type RouteCase } from "./cases.ts";
import { ask } from "./good-connection.ts";
import type { LabChild } from "./lab-child.ts";
import { send } from "./raw-client.ts";
import { framed, headBytes } from "./scripts.ts";

/** A request to the lab's own pages and endpoints, as plain data. */
export interface AppCase {
  readonly method: string;
  /** Of a path: `:attempt`, `:walk` and `:visit` stand for those that there are, `:x` for `x`. */
  readonly path: string;
  readonly x: Passage;
  readonly query: Passage | null;
  /** The lab's, that of the trial whose turn it is, or another. */
  readonly host: "lab" | "trial" | Passage;
  readonly origin: "none" | "own" | Passage;
  /** By its name among those that pages post. */
  readonly body: string | Passage;
  readonly changes: readonly ByteEdit[];
  readonly type: Passage;
  readonly framing: RouteCase["framing"];
  readonly head: readonly HeadEdit[];
}

const json = (value: unknown): string => JSON.stringify(value);
const events = [
  { at: 0, type: "open", protocol: "" },
  { at: 1, type: "message", data: "Hello alice!" },
  { at: 2, type: "close", code: 1000, reason: "", wasClean: true },
];

/** What pages post. */
const bodies = {
  attempt: json({ technique: "query-parameter", user: "alice", present: "fresh" }),
  again: json({ technique: "ticket", user: "alice", present: "again", first: "a" }),
  report: json({ end: "completed", events }),
  threw: json({ end: "threw", events: [{ at: 0, type: "exception", name: "E", message: "m" }] }),
  start: json({ report: null }),
  observed: json({ report: { end: "completed", events, traces: [] } }),
  point: json({ x: 1, y: 2 }),
  preflight: json({
    domains: { "example.com": null, "example.net": "no" },
    features: { a: { supported: true, detail: "" } },
  }),
  polluted: '{"__proto__":{"technique":"ticket"},"constructor":{"prototype":{}}}',
  deep: `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
};

const named: ReadonlyMap<string, string> = new Map(Object.entries(bodies));

const posts = [
  "/api/attempts",
  "/api/attempts/:attempt",
  "/api/attempts/:x",
  "/api/runs/:walk/trials/:turn",
  "/api/runs/:walk/trials/:x",
  "/api/runs/:walk/trials/:turn/click",
  "/api/runs/:walk/preflight",
  "/api/runs/:x/preflight",
  "/api/visits/:visit/save",
];
const gets = [
  "/",
  "/:x",
  "/choose",
  "/choose/:x",
  "/index.html",
  "/try.html",
  "/learn.html",
  "/evidence.html",
  "/api/techniques",
  "/api/join",
  "/endpoints",
  "/assets/:x",
  "/assets/trial.ts",
  "/libraries/mqtt/:x",
  "/libraries/:x",
  "/techniques/:x",
  "/techniques/:x/browser.ts",
  "/techniques/ticket/service-worker.ts",
  "/runs/:walk",
  "/runs/:x",
  "/runs/:walk/trials/:turn",
  "/runs/:walk/trials/:x",
  "/runs/:walk/trials/:turn/caller",
  "/runs/:walk/preflight",
  "/runs/:walk/preflight/probe",
  "/api/runs/:walk/preflight",
  "/api/visits/:visit/results",
  "/api/visits/:x/results",
  "/api/visits/events",
  "/data/evidence/visit-:visit/:x.js",
  "/data/evidence/visit-:x/ticket.js",
  "/websockets/:x/",
];

const names = fc.constantFrom("X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Host", "Accept");
const cases: fc.Arbitrary<AppCase> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.record({ method: fc.constant("POST"), path: fc.constantFrom(...posts) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ method: fc.constant("GET"), path: fc.constantFrom(...gets) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ method: methods, path: fc.constantFrom(...posts, ...gets) }),
    },
  )
  .chain((to) =>
    fc.record({
      method: fc.constant(to.method),
      path: fc.constant(to.path),
      x: passages,
      query: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, passages),
      host: fc.oneof(
        {
          weight: 5,
          arbitrary: fc.constant<"trial" | "lab">(to.path.includes("/trials/") ? "trial" : "lab"),
        },
        { weight: 1, arbitrary: hosts() },
      ),
      origin: fc.oneof(
        { weight: 4, arbitrary: fc.constant("none" as const) },
        { weight: 4, arbitrary: fc.constant("own" as const) },
        { weight: 1, arbitrary: passages },
      ),
      body: fc.oneof(
        {
          weight: 5,
          arbitrary: fc.constantFrom(...Object.keys(bodies)),
        },
        { weight: 1, arbitrary: passages },
      ),
      changes: fc.oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(byteEdits, { minLength: 1, maxLength: 3 }) },
      ),
      type: fc.oneof(
        { weight: 6, arbitrary: fc.constant({ text: "application/json", times: 1 }) },
        { weight: 1, arbitrary: types },
      ),
      framing: fc.constantFrom(
        "length" as const,
        "length" as const,
        "length" as const,
        "chunked" as const,
        "longer" as const,
        "shorter" as const,
      ),
      head: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(headEdits, { minLength: 1, maxLength: 2 }) },
        {
          weight: 1,
          arbitrary: fc.array(
            fc.record({ edit: fc.constant("add" as const), name: names, value: passages }),
            { minLength: 1, maxLength: 2 },
          ),
        },
      ),
    }),
  );

function hosts(): fc.Arbitrary<Passage> {
  const odd = fc.constantFrom(
    "localhost:99999",
    "localhost:0",
    "localhost:65536",
    "[::1]",
    "[::1]:1",
    "[127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "a.localhost",
    "-.localhost",
    "..localhost",
    "xn--a.localhost",
    "xn--.localhost",
    "example.com",
    "t0.example.com",
    "evil.example",
  );
  return fc.oneof(
    odd.map((text) => ({ text, times: 1 })),
    passages,
  );
}

/** Takes aim at the lab's own pages and endpoints. */
export async function aimAtApp(lab: LabChild, name: string): Promise<Aim<AppCase>> {
  const port = lab.ports.get("app")?.ws ?? 0;
  const { good } = await lab.ring(false);
  const host = `localhost:${port}`;
  const home = new URL(`http://${host}/`);
  let [walk, visit, attempt, turn] = ["", "", "", "0"];
  let trialHost = host;
  const post = async <Answer>(path: string, body: string): Promise<Answer> => {
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const answer = await ask(new URL(path, home), "POST", headers, body);
    if (answer.status >= 300) throw new Error(`${path} was answered with ${answer.status}`);
    const parsed: Answer = JSON.parse(answer.body);
    return parsed;
  };
  /** Where the visit goes on. */
  const whereTo = async (): Promise<string> => {
    const { header } = await ask(new URL(`/runs/${walk}`, home), "GET", {});
    return header("Location") ?? "";
  };
  const begin = async (): Promise<void> => {
    const begun = await post<{ key: string; entrance: string }>("/runs", "");
    visit = begun.key.replace("visit-", "");
    walk = new URL(begun.entrance).pathname.split("/")[2] ?? "";
    await post(`/api/runs/${walk}/preflight`, json({ domains: {}, features: {} }));
  };
  return {
    name,
    cases,
    async prepare() {
      attempt = (await post<{ id: string }>("/api/attempts", bodies.attempt)).id;
      if (!(await whereTo()).includes("/trials/")) await begin();
      const place = new URL(await whereTo());
      trialHost = place.host;
      turn = place.pathname.split("/")[4] ?? "0";
    },
    async run(hostile) {
      const { x, query, body, changes, framing, method } = hostile;
      const path = hostile.path
        .replace(":attempt", attempt)
        .replace(":walk", walk)
        .replace(":visit", visit)
        .replace(":turn", turn)
        .replace(":x", () => bytesOf(x));
      const asked =
        hostile.host === "lab"
          ? host
          : hostile.host === "trial"
            ? trialHost
            : bytesOf(hostile.host);
      const text = typeof body === "string" ? (named.get(body) ?? "") : bytesOf(body);
      const sent = framed(edited(text, changes), framing);
      const { origin } = hostile;
      const headers: [string, string][] = [
        ["Host", asked],
        ["Content-Type", bytesOf(hostile.type)],
        ...(origin === "none"
          ? []
          : [
              ["Origin", origin === "own" ? `http://${asked}` : bytesOf(origin)] as [
                string,
                string,
              ],
            ]),
        ...(method === "GET" ? [] : [sent.header]),
      ];
      const target = query === null ? path : `${path}?${bytesOf(query)}`;
      const head = headBytes(method, target, headers, hostile.head);
      const whole = method === "GET" ? head : Buffer.concat([head, sent.bytes]);
      return await send({ head: whole, turns: [], end: "wait" }, { port });
    },
    isInside: () => false,
    secrets: () => [good.secret.slice(14)],
    async tryGood() {
      const page = await ask(new URL("/index.html", home), "GET", {});
      if (page.status !== 200) return `the first page was answered with ${page.status}`;
      const task = await post<{ id: string }>("/api/attempts", bodies.attempt);
      const judged = await post<{ verdict: unknown }>(`/api/attempts/${task.id}`, bodies.report);
      return judged.verdict === undefined ? "a report was answered without a verdict" : null;
    },
  };
}
