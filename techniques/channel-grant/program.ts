import type { Present, PresentWithout } from "../program.ts";

const room = "lobby";

/** Asks for a grant for the socket's id and joins a room with it, as a page does. */
export const present: Present = (endpoint, { token }, { open, post, home }) => {
  const socket = open(endpoint);
  const join = async (data: Buffer): Promise<void> => {
    const { socket: id }: { socket: string } = JSON.parse(data.toString());
    const wish = JSON.stringify({ token, socket: id, room });
    const { status, body } = await post(new URL(`grant${home.search}`, home), wish);
    if (status === 200) socket.send(JSON.stringify({ join: room, grant: body }));
    else socket.close(4401, `no grant: ${status}`);
  };
  socket.once("message", (data: Buffer) => void join(data));
  return socket;
};

/** Joins without a grant, as nobody would give it one. */
export const presentWithout: PresentWithout = (endpoint, { open }) => {
  const socket = open(endpoint);
  socket.once("message", () => socket.send(JSON.stringify({ join: room })));
  return socket;
};
