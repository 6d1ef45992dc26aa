import type { ErrorRequestHandler, Express } from "express";

/** Ends an app's routes: what matched none gets 404, and what failed a status and one sentence, never a stack. */
export function answerFailures(app: Express): void {
  app.use((_request, response) => {
    response.status(404).json({ error: "there is no such page" });
  });
  app.use(((error: unknown, _request, response, _next) => {
    const status = statusOf(error);
    if (status === 500) console.error(error);
    response.status(status).json({ error: sentences[status] ?? String(error) });
  }) satisfies ErrorRequestHandler);
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
