import type { Connect, ConnectWithout } from "../connect.ts";

const room = "lobby";

/** Tells the page's own server the socket's id, and joins a room with the grant that it gives for that. */
export const connect: Connect = (endpoint, { token }, home) => {
  const socket = new WebSocket(endpoint);
  const join = async (greeting: string): Promise<void> => {
    const { socket: id }: { socket: string } = JSON.parse(greeting);
    const response = await fetch(new URL(`grant${home.search}`, home), {
      method: "POST",
      body: JSON.stringify({ token, socket: id, room }),
    });
    if (!response.ok) return socket.close(4401, `no grant: ${response.status}`);
    return socket.send(JSON.stringify({ join: room, grant: await response.text() }));
  };
  socket.addEventListener("message", ({ data }) => void join(data), { once: true });
  return socket;
};

/** Joins without a grant, as nobody would give it one. */
export const connectWithout: ConnectWithout = (endpoint) => {
  const socket = new WebSocket(endpoint);
  const join = (): void => socket.send(JSON.stringify({ join: room }));
  socket.addEventListener("message", join, { once: true });
  return socket;
};
