import type { Connect } from "../connect.ts";

const deadlineMs = 5_000;

/** Has a hidden iframe load an address that holds the credentials, then connects and presents nothing itself. */
export const connect: Connect = async (endpoint, { user, token }) => {
  const url = new URL(`frame${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(token);
  const frame = document.createElement("iframe");
  frame.hidden = true;
  // A frame that is blocked may never load, but what it is in does: with it, or without.
  frame.srcdoc = `<iframe src="${url.href}"></iframe>`;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`the frame took more than ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    document.body.append(frame);
    await Promise.race([loaded, late]);
  } finally {
    frame.remove();
  }
  return new WebSocket(endpoint);
};
