import type { ErrorRequestHandler, Express, Request, Response } from "express";

/** Ends an app's routes: what matched none gets 404, and what failed a status and one sentence, never a stack. */
export function answerFailures(app: Express): void {
  app.use((request, response) => answer(request, response, 404, "there is no such page"));
  app.use(((error: unknown, request, response, _next) => {
    const status = statusOf(error);
    if (status === 500) console.error(error);
    answer(request, response, status, sentences[status] ?? String(error));
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
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return 404;
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
