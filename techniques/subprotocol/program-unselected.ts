import type { Present, PresentWithout } from "../program.ts";

/** Writes the header by hand: a library that knew of the offer would wait for an answer to it, as a browser does. */
export const present: Present = (endpoint, { token }, { open }) => {
  const carrier = `bearer.${Buffer.from(token).toString("base64url")}`;
  return open(endpoint, {
    headers: { "Sec-WebSocket-Protocol": `websocket-auth-lab, ${carrier}` },
  });
};

/** Offers what is spoken, and no token. */
export const presentWithout: PresentWithout = (endpoint, { open }) =>
  open(endpoint, { headers: { "Sec-WebSocket-Protocol": "websocket-auth-lab" } });
