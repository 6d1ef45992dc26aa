import type { ErrorRequestHandler, Express, Request, Response } from "express";
import { errorCode } from "../model/error-code.ts";

/** Ends an app's routes: what matched none gets 404, and what failed a status and one sentence, never a stack. */
export function answerFailures(app: Express): void {
  app.use((request, response) => answer(request, response, 404, "there is no such page"));
  app.use(((error: unknown, request, response, _next) => {
    // What the client did to its connection meanwhile is no failure of ours, and Node's error holds its bytes.
    if (request.socket.destroyed) return;
    const status = statusOf(error);
    if (status === 500) console.error(error);
    // Its message would repeat what came.
    const reason = error instanceof URIError ? "what came is not well-formed text" : String(error);
    answer(request, response, status, sentences[status] ?? reason);
  }) satisfies ErrorRequestHandler);
}

/** Who follows a link reads the sentence as it is. */
function answer(request: Request, response: Response, status: number, error: string): void {
  response.status(status);
  if (request.accepts(["json", "html"]) === "json") response.json({ error });
  else response.type("text/plain").send(`WebSocket Auth Lab: ${error}.\n`);
}

const sentences: Readonly<Record<number, string>> = {
  404: "there is no such page",
  500: "the lab failed; its terminal says why",
};

function statusOf(error: unknown): number {
  if (errorCode(error) === "ENOENT") return 404;
  // Half a character in a path, or in a body that says it is UTF-16: a client's doing.
  if (error instanceof URIError) return 400;
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
