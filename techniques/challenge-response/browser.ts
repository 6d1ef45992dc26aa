import type { Connect, ConnectWithout } from "../connect.ts";

/** Waits for the server's nonce, and answers with a proof of the token's secret part, which stays here. */
export const connect: Connect = (endpoint, { token }) => {
  // https://w3c.github.io/webcrypto/#crypto-interface: `subtle` is [SecureContext].
  if (!isSecureContext) throw new Error("no WebCrypto: this page is not a secure context");
  const socket = new WebSocket(endpoint);
  const answer = async (challenge: string): Promise<void> => {
    const { nonce }: { nonce: string } = JSON.parse(challenge);
    const [id, secret] = [token.slice(0, 12), token.slice(12)];
    const said = ["websocket-auth-lab challenge-response", endpoint.host, nonce, id].join("\n");
    socket.send(JSON.stringify({ id, proof: await hmac(secret, said) }));
  };
  socket.addEventListener("message", ({ data }) => void answer(data), { once: true });
  return socket;
};

/** Has nothing to prove, and answers with that. */
export const connectWithout: ConnectWithout = (endpoint) => {
  const socket = new WebSocket(endpoint);
  socket.addEventListener("message", () => socket.send("{}"), { once: true });
  return socket;
};

async function hmac(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
