import { fileURLToPath } from "node:url";
import express, { type ErrorRequestHandler, type Express, type Request } from "express";
import type { ObservedTrial } from "../model/observation.ts";
import type { Verdict } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Attempts, OpenAttempt } from "./attempts.ts";
import { browserFile } from "./browser-file.ts";
import { knownHost } from "./known-host.ts";
import { parseLiveRequest, parsePageReport, parseTrialPost } from "./page-report.ts";
import type { Run, Runs } from "./runs.ts";
import { techniquePage } from "./technique-page.ts";

/** What experiments lend to the lab, which knows none itself. */
export interface Laboratory {
  /** The trials of a visitor's walk. */
  plan(): readonly Trial[];
  /** What a trial shows. */
  judge(trial: ObservedTrial): Verdict;
  /** The page at the end of a visitor's walk. */
  resultPage(run: Run): string;
  /** The style sheet of that page. */
  readonly resultStyle: string;
}

/** What the app serves and shares with the WebSocket origins. */
export interface AppSurroundings {
  readonly techniques: readonly Technique[];
  readonly techniquesDirectory: URL;
  readonly attempts: Attempts;
  readonly runs: Runs;
  readonly attemptDeadlineMs: number;
  readonly laboratory: Laboratory;
}

const publicDirectory = new URL("../public/", import.meta.url);
const maxLiveAttempts = 1_000;

/** The HTTP side: pages, tokens for live attempts, trials, runs. */
export function createApp(surroundings: AppSurroundings): Express {
  const app = express().disable("x-powered-by").enable("case sensitive routing");
  app.use((request, response, next) => {
    response.set({
      "Content-Security-Policy":
        "default-src 'self'; connect-src * ws: wss:; frame-src *; frame-ancestors 'none'; base-uri 'none'",
      "X-Content-Type-Options": "nosniff",
    });
    if (knownHost(request.headers.host) === undefined) {
      response.status(403).type("text/plain");
      response.send("unknown host; open the lab as http://localhost:… or by IP address\n");
    } else next();
  });
  // Bodies stay text here, so that one parser per kind of body says what is wrong with it.
  app.use(express.text({ type: "application/json", limit: "64kb" }));
  // A form or a script of another site can post text, but cannot choose our origin.
  app.use((request, response, next) => {
    const { origin } = request.headers;
    if (request.method !== "POST" || origin === undefined || origin === ownOrigin(request)) next();
    else response.status(403).json({ error: "posts from other origins are refused" });
  });
  servePages(app, surroundings);
  serveLiveAttempts(app, surroundings);
  serveRuns(app, surroundings);
  app.use((_request, response) => {
    response.status(404).type("text/plain").send("there is no such page\n");
  });
  app.use(((error: unknown, _request, response, _next) => {
    const status = statusOf(error);
    if (status === 500) console.error(error);
    response.status(status).json({ error: messageFor(status, error) });
  }) satisfies ErrorRequestHandler);
  return app;
}

function servePages(app: Express, { techniques, techniquesDirectory }: AppSurroundings): void {
  app.get("/", (request, response) => {
    const page = request.query["user"] === undefined ? "index.html" : "live.html";
    response.sendFile(fileURLToPath(new URL(page, publicDirectory)));
  });
  app.get("/favicon.ico", (_request, response) => response.redirect(301, "/assets/favicon.svg"));
  app.get("/assets/:name", (request, response, next) => {
    const { name } = request.params;
    if (!/^[a-z-]+\.(?:ts|css|svg)$/u.test(name)) return next();
    return browserFile(new URL(name, publicDirectory))(request, response, next);
  });
  app.get("/techniques/:id", async (request, response, next) => {
    const technique = techniques.find(({ id }) => id === request.params.id);
    if (technique === undefined) return next();
    const directory = new URL(`${technique.id}/`, techniquesDirectory);
    response.type("text/html").send(await techniquePage(technique, directory));
  });
  app.get("/techniques/:id/browser.ts", (request, response, next) => {
    const technique = techniques.find(({ id }) => id === request.params.id);
    if (technique === undefined) return next();
    const file = new URL(`${technique.id}/browser.ts`, techniquesDirectory);
    return browserFile(file)(request, response, next);
  });
  app.get("/api/techniques", (_request, response) => {
    response.json(techniques.map(({ id, title, stage, via }) => ({ id, title, stage, via })));
  });
}

function serveLiveAttempts(app: Express, surroundings: AppSurroundings): void {
  const { techniques, attempts, laboratory } = surroundings;
  const open = new Map<string, OpenAttempt>();
  app.post("/api/attempts", async (request, response) => {
    const parsed = parseLiveRequest(request.body);
    if (!parsed.ok) return response.status(400).json({ error: parsed.error });
    const { technique, user } = parsed.value;
    if (!techniques.some(({ id }) => id === technique)) {
      return response.status(400).json({ error: "technique: there is no such technique" });
    }
    const plan = { present: "fresh", user, singleUse: false, expect: "accepted" } as const;
    const attempt = await attempts.open(plan, technique, hostnameOf(request));
    open.set(attempt.id, attempt);
    const [oldest] = open.keys();
    if (open.size > maxLiveAttempts && oldest !== undefined) open.delete(oldest);
    const { id, given } = attempt;
    return response.status(201).json({ id, given, ...task(attempt, surroundings) });
  });
  app.post("/api/attempts/:id", async (request, response) => {
    const attempt = open.get(request.params.id);
    if (attempt === undefined) return response.status(404).json({ error: "no such attempt" });
    const parsed = parsePageReport(request.body);
    if (!parsed.ok) return response.status(400).json({ error: parsed.error });
    open.delete(attempt.id);
    const observed = await attempts.complete(attempt, parsed.value);
    const verdict = laboratory.judge({
      technique: attempt.technique,
      scenario: "live",
      placement: "same-host",
      scheme: "ws",
      definition: "live",
      attempts: [observed],
      failure: null,
    });
    return response.json({ attempt: observed, verdict });
  });
}

function serveRuns(app: Express, surroundings: AppSurroundings): void {
  const { runs, laboratory } = surroundings;
  app.post("/runs", (request, response) => {
    const hostname = hostnameOf(request);
    const local = hostname === "localhost" || /^127\.|^\[::1\]$|\.localhost$/u.test(hostname);
    if (!local) {
      response.status(409).type("text/plain");
      return response.send(
        "A walk needs the names t0.localhost, t1.localhost, …, which mean another machine here. Open the lab on the machine that it runs on.\n",
      );
    }
    const first = runs.start(laboratory.plan(), "results").address(0);
    return response.redirect(303, first.href);
  });
  app.get("/runs/style.css", (_request, response) => {
    response.type("text/css").send(laboratory.resultStyle);
  });
  app.get("/runs/:run", (request, response, next) => {
    const run = runs.get(request.params.run);
    if (run === undefined) return next();
    if (run.current !== null) return response.redirect(303, run.address(run.current).href);
    return response.type("text/html").send(laboratory.resultPage(run));
  });
  app.get("/runs/:run/trials/:index", (request, response, next) => {
    const run = runs.get(request.params.run);
    const index = trialIndex(request.params.index);
    if (run === undefined || hostnameOf(request) !== run.hostname(index)) return next();
    run.userAgent ??= request.headers["user-agent"] ?? null;
    return response.sendFile(fileURLToPath(new URL("trial.html", publicDirectory)));
  });
  app.post("/api/runs/:run/trials/:index", async (request, response) => {
    const run = runs.get(request.params.run);
    const index = trialIndex(request.params.index);
    if (run === undefined || hostnameOf(request) !== run.hostname(index)) {
      return response.status(404).json({ error: "there is no such trial on this host" });
    }
    const instruction = await run.post(index, parseTrialPost(request.body));
    const progress = { done: run.observed.size, total: run.trials.length };
    if ("attempt" in instruction) {
      const { technique, scenario } = run.trials[index] ?? {};
      return response.json({
        task: task(instruction.attempt, surroundings),
        technique,
        scenario,
        progress,
      });
    }
    return response.status("error" in instruction ? 400 : 200).json({ ...instruction, progress });
  });
}

function task(
  { technique, endpoint, credential }: OpenAttempt,
  { attemptDeadlineMs: deadlineMs }: AppSurroundings,
): object {
  return { technique, endpoint, credential, deadlineMs };
}

/** NaN, which is the index of no trial, for everything but the digits that our own addresses hold. */
function trialIndex(text: string): number {
  return /^(?:0|[1-9]\d*)$/u.test(text) ? Number(text) : Number.NaN;
}

function hostnameOf(request: Request): string {
  return knownHost(request.headers.host) ?? "";
}

function ownOrigin(request: Request): string {
  return `${request.protocol}://${request.headers.host}`;
}

function messageFor(status: number, error: unknown): string {
  if (status === 500) return "the lab failed; its terminal says why";
  return status === 404 ? "there is no such page" : String(error);
}

function statusOf(error: unknown): number {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return 404;
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
