import type { WebSocket } from "ws";
import type { Fault } from "../model/trial.ts";
import { closeCodes } from "./conversation.ts";

/** How an upgrade is answered that is to fail, whatever it presents. */
export type FaultAnswer =
  | {
      readonly type: "refusal";
      readonly status: number;
      readonly reason: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "opening";
      /** Called once the connection is open. */
      readonly talk: (connection: WebSocket) => void;
    };

/** Trials need not wait for the page's own deadline to see that nothing comes. */
const silenceMs = 1_000;

/** Where a redirected handshake is sent: next to what was asked for, and without its token. */
const loginName = "login";

/**
 * The answer to a request with this target. No request of an attempt with `down` should get here, for
 * its address is a closed port: status 503 tells that one did.
 */
export function faultAnswer(fault: Fault, target: URL): FaultAnswer {
  switch (fault) {
    case "401-with-challenge":
      return refusal(401, "credentials are needed", {
        "WWW-Authenticate": 'Basic realm="websocket-auth-lab", charset="UTF-8"',
      });
    case "401":
      return refusal(401, "credentials are needed");
    case "403":
      return refusal(403, "forbidden");
    case "redirect":
      return isLogin(target)
        ? refusal(200, "log in here")
        : refusal(302, "log in first", { Location: loginAddress(target) });
    case "no-subprotocol":
      return opening((connection) => connection.close(closeCodes.normal, "no subprotocol"));
    case "close-4401":
      return opening((connection) => connection.close(closeCodes.sessionOver, "token expired"));
    case "silence":
      return opening((connection) => {
        const end = setTimeout(() => {
          connection.close(closeCodes.normal, "was silent");
        }, silenceMs);
        connection.once("close", () => clearTimeout(end));
      });
    case "down":
      return refusal(503, "this server should be down");
  }
}

/** Whether a request is for the page that a redirected handshake was sent to. */
export function isLogin({ pathname }: URL): boolean {
  return pathname.endsWith(`/${loginName}`);
}

/** Keeps the attempt, by which both ends are joined, so that whoever follows is known. */
function loginAddress({ searchParams }: URL): string {
  const attempt = searchParams.get("attempt") ?? "";
  return `${loginName}?attempt=${encodeURIComponent(attempt)}`;
}

function refusal(
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): FaultAnswer {
  return { type: "refusal", status, reason, headers };
}

function opening(talk: (connection: WebSocket) => void): FaultAnswer {
  return { type: "opening", talk };
}
