import type { Connect, LogOut } from "../connect.ts";

/** Logs in at the page's own server, which sets a cookie that no script can read. The rest is the browser's. */
export const connect: Connect = async (endpoint, { token }, home) => {
  const response = await fetch(new URL(`login${home.search}`, home), {
    method: "POST",
    body: token,
  });
  if (!response.ok) throw new Error(`no session: ${response.status}`);
  return new WebSocket(endpoint);
};

/** Logs out at the page's own server, which knows the session by its cookie. */
export const logOut: LogOut = async (_endpoint, home) => {
  const response = await fetch(new URL(`logout${home.search}`, home), { method: "POST" });
  if (!response.ok) throw new Error(`not logged out: ${response.status}`);
};
