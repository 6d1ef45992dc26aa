import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { text } from "express";
import { z } from "zod";
import { readJson } from "../read-json.ts";
import type { Credential, Technique } from "../technique.ts";
import { Rooms } from "./rooms.ts";

/** Shared by the two halves, the route and the WebSocket server, which could be two programs. */
const key = randomBytes(32);
const lifetimeMs = 10_000;
const rooms = new Rooms({ maxRooms: 100, maxBacklogBytes: 65_536 });

const room = z.string().regex(/^[a-z0-9-]{1,40}$/u);
const wish = z.strictObject({ token: z.string(), socket: z.string().regex(/^[\w-]{22}$/u), room });
const joining = z.strictObject({
  join: room,
  grant: z
    .string()
    .regex(/^[\w-]{12}\.[0-9a-f]{64}$/u)
    .optional(),
});

/** Reads a grant for one socket and one room, which the page's own server signed; see README.md. */
export const channelGrant: Technique = {
  id: "channel-grant",
  title: "Channel grant",
  via: "grant",
  stage: "first-message",
  negotiate(connection) {
    const { socket } = connection;
    const socketId = randomBytes(16).toString("base64url");
    const join = async ({ join: name, grant }: z.infer<typeof joining>): Promise<void> => {
      const credential = grant === undefined ? undefined : proof(grant, socketId, name);
      const admission = await connection.judge(credential);
      if (!admission.accepted) return socket.close(1008, admission.refusal);
      if (socket.readyState !== socket.OPEN) return;
      if (!rooms.join(name, socket)) return socket.close(1013, "too many rooms");
      return connection.converse(admission.user, rooms.talk(name, admission.user, socket));
    };
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      const message = isBinary ? undefined : readJson(joining, data.toString());
      if (message === undefined) connection.refuse("no grant");
      else void join(message);
    });
    socket.send(JSON.stringify({ socket: socketId }));
  },
  routes(router, { exchange }) {
    router.post("/grant", text(), async (request, response) => {
      response.set("Cache-Control", "no-store").type("text/plain");
      const wished = readJson(wish, typeof request.body === "string" ? request.body : "");
      if (wished === undefined) return response.status(400).send("no token, socket and room\n");
      // An application asks here whether this user may enter this room.
      const { token } = wished;
      const traded = await exchange(request, { token }, { lifetimeMs, singleUse: true });
      if (!traded.accepted) return response.status(traded.status).send(`${traded.refusal}\n`);
      const signature = sign(wished.socket, wished.room, traded.id).toString("hex");
      return response.send(`${traded.id}.${signature}`);
    });
  },
};

/** The public id of what the token was traded for, and whether the grant is for this socket and room. */
function proof(grant: string, socketId: string, name: string): Credential {
  const [id = "", signature = ""] = grant.split(".");
  const expected = sign(socketId, name, id);
  return { id, proven: timingSafeEqual(Buffer.from(signature, "hex"), expected) };
}

/** None of the parts can hold a line's end, so that no two lists of them read the same. */
function sign(...parts: readonly [socket: string, room: string, id: string]): Buffer {
  return createHmac("sha256", key).update(parts.join("\n")).digest();
}
