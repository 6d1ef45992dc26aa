import type { Technique } from "../technique.ts";

/** Reads the token from the first message. Until then the connection is open to anybody; see README.md. */
export const firstMessage: Technique = {
  id: "first-message",
  title: "First message",
  via: "first message",
  stage: "first-message",
  negotiate({ socket, admit, refuse }) {
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) refuse("the first message is not text");
      else void admit({ token: data.toString() });
    });
  },
};
