import type { Express, Request } from "express";
import type { BegunVisit } from "../model/lab-api.ts";
import { deviceOf, isLoopback } from "./addresses.ts";
import type { AppSurroundings } from "./app.ts";
import { hostnameOf, ownOrigin } from "./own-origin.ts";
import { createVisitFeed } from "./visit-feed.ts";
import { concealed, visitKey } from "./visits.ts";

/** Visits: how they begin and end, what pages hear of them, and how they become files. */
export function serveVisits(app: Express, surroundings: AppSurroundings): void {
  const { visits, laboratory } = surroundings;
  app.get("/api/join", (_request, response) => response.json(surroundings.joinInfo()));
  app.post("/runs", (request, response) => {
    const { headers, socket } = request;
    const device = deviceOf(socket);
    const walk = visits.start(hostnameOf(request), headers["user-agent"] ?? null, device);
    if (walk === null) {
      response.status(409).type("text/plain");
      return response.send(
        "A visit begins at http://localhost:… or at the lab's IP address: its trials have names that lead there.\n",
      );
    }
    const entrance = walk.entrance?.href ?? "/";
    // Who asks by script opens the window itself.
    if (request.accepts(["html", "json"]) === "json") {
      const begun: BegunVisit = { key: visitKey(walk), entrance };
      return response.status(201).json(begun);
    }
    return response.redirect(303, entrance);
  });
  app.get("/runs/:id", (request, response, next) => {
    const walk = visits.get(request.params.id);
    if (walk === undefined) return next();
    const matrix = `/index.html?run=${visitKey(walk)}`;
    return response.redirect(303, walk.current === null ? matrix : (walk.entrance?.href ?? matrix));
  });
  app.get("/api/visits/events", createVisitFeed(visits, laboratory));
  app.get("/data/evidence/visit-:id/:technique.js", (request, response, next) => {
    const { id, technique } = request.params;
    const walk = visits.known(id);
    const trials = walk && visits.evidence(walk, technique);
    if (walk === undefined || trials === undefined) return next();
    const run = visitKey(walk);
    const script = laboratory.dataScript(`evidence/${run}/${technique}`, {
      run,
      technique,
      trials,
    });
    return response
      .set("Cache-Control", "no-store")
      .type("text/javascript")
      .send(concealed(walk, script));
  });
  app.get("/api/visits/:id/results", (request, response, next) => {
    const walk = visits.known(request.params.id);
    if (walk === undefined) return next();
    const file = laboratory.visitFile(walk);
    if ("problem" in file) return response.status(409).json({ error: file.problem });
    return response.attachment(file.name).type("application/json").send(file.text);
  });
  app.post("/api/visits/:id/save", async (request, response, next) => {
    const walk = visits.known(request.params.id);
    if (walk === undefined) return next();
    const refusal = whyNotSave(request, surroundings);
    if (refusal !== null) return response.status(403).json({ error: refusal });
    const saved = await laboratory.saveVisit(walk);
    if ("problem" in saved) return response.status(409).json({ error: saved.problem });
    return response.status(201).json(saved);
  });
}

/** A file on this machine is written for whoever sits at it, by a page of the lab. */
function whyNotSave(
  request: Request,
  { behindProxy }: Pick<AppSurroundings, "behindProxy">,
): string | null {
  // Behind a reverse proxy, everybody comes from this machine.
  if (behindProxy || !isLoopback(request.socket.remoteAddress ?? "")) {
    return "a visit is saved on the machine that the lab runs on, from a page that was opened there by localhost";
  }
  // Every browser's POST names its origin (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
  return request.headers.origin === ownOrigin(request)
    ? null
    : "a visit is saved by a page of the lab";
}
