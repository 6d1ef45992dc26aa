import { once } from "node:events";
import { createServer } from "node:http";

/**
 * A server whose page on `t1.localhost` moves on to `t2.localhost` before it has loaded, like a walk of
 * trials. Those at other paths do one thing each, and tell of it by a request. It refuses every WebSocket.
 */
export interface Pages extends AsyncDisposable {
  url(host: string, path?: string): URL;
  /** Resolves when `host` was asked for `path`. */
  visited(host: string, path?: string): Promise<void>;
  /** Resolves when the page "/stay" on `host` is there no more. */
  left(host: string): Promise<void>;
  /** Whether the page "/stay" on `host` is there. */
  isThere(host: string): boolean;
  /** The cookies that a page on `host` came with last. */
  cookies(host: string): string | undefined;
  /** When `host` was asked for a WebSocket, in ms. */
  handshakes(host: string): readonly number[];
}

const fullSize =
  "<style>body { margin: 0 } body > * { position: fixed; width: 100%; height: 100% }</style>";

/** The name of the cookie that "/remember" sets for long, and that of the one which ends with the session. */
export const cookieNames = { kept: "kept", session: "session" } as const;
/** What "/talk" says, in a page, in its frame of another site, and in its worker. */
export const words = {
  page: "page speaks",
  frame: "frame speaks",
  worker: "worker speaks",
} as const;

export async function startPages(): Promise<Pages> {
  const visits = new Set<string>();
  const present = new Set<string>();
  const cookies = new Map<string, string | undefined>();
  const handshakes = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const [host = ""] = (request.headers.host ?? "").split(":");
    const visit = `${host}${request.url}`;
    visits.add(visit);
    server.emit("visit", visit);
    response.setHeader("Content-Type", "text/html");
    if (request.headers["sec-fetch-dest"] !== "image") cookies.set(host, request.headers.cookie);
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
    } else if (request.url === "/stay") {
      response.end(
        `<!doctype html><script>fetch("/here"); fetch("/" + document.visibilityState)</script>`,
      );
    } else if (request.url === "/here") {
      present.add(host);
      response.once("close", () => {
        present.delete(host);
        server.emit("leave");
      });
    } else if (request.url === "/remember") {
      const { kept, session } = cookieNames;
      response.setHeader("Set-Cookie", [`${kept}=1; Max-Age=3600`, `${session}=1`]);
      response.end("<!doctype html><title>here</title>");
    } else if (request.url === "/close") {
      response.end(`<!doctype html><script>onload = () => setTimeout(() => close())</script>`);
    } else if (request.url === "/retry") {
      response.end(`<!doctype html><script>
let left = 5;
const connect = () => {
  new WebSocket("ws://" + location.host).onclose = () => {
    left -= 1;
    if (left > 0) connect();
    else fetch("/retried");
  };
};
connect();
</script>`);
    } else if (request.url === "/talk") {
      const frame = url("127.0.0.1", "/talk-in-frame").href;
      response.end(`<!doctype html><iframe src="${frame}"></iframe>${talk(words.page)}<script>
const text = ${JSON.stringify(talkAs(words.worker))};
new Worker(URL.createObjectURL(new Blob([text.replace("location.host", JSON.stringify(location.host))])));
</script>`);
    } else if (request.url === "/talk-in-frame") {
      response.end(`<!doctype html>${talk(words.frame)}`);
    } else if (request.url !== "/hang") response.end("<!doctype html><title>here</title>");
  });
  server.on("upgrade", (request, socket) => {
    const [host = ""] = (request.headers.host ?? "").split(":");
    handshakes.set(host, [...(handshakes.get(host) ?? []), performance.now()]);
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
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
    async left(host) {
      while (present.has(host)) await once(server, "leave");
    },
    isThere: (host) => present.has(host),
    cookies: (host) => cookies.get(host),
    handshakes: (host) => handshakes.get(host) ?? [],
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function talk(text: string): string {
  return `<script>${talkAs(text)}</script>`;
}

function talkAs(text: string): string {
  const query = text.replaceAll(" ", "-");
  return `console.log(${JSON.stringify(text)}); new WebSocket("ws://" + location.host + "/?${query}");`;
}
