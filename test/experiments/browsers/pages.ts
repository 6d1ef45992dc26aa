import { once } from "node:events";
import { createServer } from "node:http";

/** A server whose page on `t1.localhost` moves on to `t2.localhost` before it has loaded, like a walk of trials. */
export interface Pages extends AsyncDisposable {
  url(host: string, path?: string): URL;
  /** Resolves when `host` was asked for `path`. */
  visited(host: string, path?: string): Promise<void>;
}

const fullSize =
  "<style>body { margin: 0 } body > * { position: fixed; width: 100%; height: 100% }</style>";

export async function startPages(): Promise<Pages> {
  const visits = new Set<string>();
  const server = createServer((request, response) => {
    const [host = ""] = (request.headers.host ?? "").split(":");
    const visit = `${host}${request.url}`;
    visits.add(visit);
    server.emit("visit", visit);
    response.setHeader("Content-Type", "text/html");
    if (visit === "t1.localhost/") {
      response.end(
        `<!doctype html><script>location.replace("${url("t2.localhost").href}")</script>`,
      );
    } else if (request.url === "/dialogs") {
      response.end(
        `<!doctype html><script>onload = () => setTimeout(() => { alert(1); confirm(2); fetch("/after") })</script>`,
      );
    } else if (request.url?.startsWith("/button") === true) {
      response.end(
        `<!doctype html>${fullSize}<button onclick="fetch('/gesture-' + navigator.userActivation.isActive + location.search)">here</button>`,
      );
    } else if (request.url === "/frame") {
      const frame = url("127.0.0.1", `/button?in=${host}`).href;
      response.end(`<!doctype html>${fullSize}<iframe src="${frame}"></iframe>`);
    } else if (request.url !== "/hang") response.end("<!doctype html><title>here</title>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  function url(host: string, path = "/"): URL {
    return new URL(`http://${host}:${port}${path}`);
  }
  return {
    url,
    async visited(host, path = "/") {
      while (!visits.has(`${host}${path}`)) await once(server, "visit");
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
