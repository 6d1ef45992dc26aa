/** The only page that may have this frame act for it: this origin's server says which. */
const page: { readonly origin: string } = await (await fetch(`page.json${location.search}`)).json();
const button = document.querySelector("button") ?? document.createElement("button");

addEventListener("message", ({ origin, data, ports: [port] }: MessageEvent<unknown>) => {
  if (origin !== page.origin || typeof data !== "string" || port === undefined) return;
  open(data, port).catch((error: unknown) => {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ type: "failure", name, message });
  });
});
parent.postMessage("ready", page.origin);

/** Trades the token for a cookie, opens the socket, which brings the cookie, and relays both ways. */
async function open(token: string, port: MessagePort): Promise<void> {
  await askForAccess(port);
  const answer = await fetch(`cookie${location.search}`, { method: "POST", body: token });
  if (!answer.ok) throw new Error(`no cookie: ${answer.status}`);
  const endpoint = new URL(`./${location.search}`, location.href.replace(/^http/u, "ws"));
  const socket = new WebSocket(endpoint);
  socket.addEventListener("open", () => port.postMessage({ type: "open" }));
  socket.addEventListener("error", () => port.postMessage({ type: "error" }));
  socket.addEventListener("message", ({ data }) => port.postMessage({ type: "message", data }));
  socket.addEventListener("close", ({ code, reason, wasClean }) => {
    port.postMessage({ type: "close", code, reason, wasClean });
  });
  port.addEventListener("message", ({ data }: MessageEvent<string | null>) => {
    if (data === null) socket.close();
    else socket.send(data);
  });
  port.start();
  port.postMessage({ type: "opening" });
}

/** Browsers that have not given access before want a click in the frame, and may ask the user then. */
async function askForAccess(port: MessagePort): Promise<void> {
  if (await document.hasStorageAccess()) return;
  try {
    await document.requestStorageAccess();
  } catch {
    button.hidden = false;
    port.postMessage({ type: "click" });
    await new Promise((resolve) => button.addEventListener("click", resolve, { once: true }));
    button.hidden = true;
    await document.requestStorageAccess();
  }
}
