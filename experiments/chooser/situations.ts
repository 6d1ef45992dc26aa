import { type Constraints, unconstrained } from "./constraints.ts";

/** What somebody typically needs, for the guide. */
export interface Situation {
  readonly title: string;
  /** Who is in it, in one or two sentences. */
  readonly text: string;
  readonly constraints: Constraints;
}

/** The situations of docs/choosing.md, in its order; all of them over TLS, in every browser that was measured. */
export const situations: readonly Situation[] = [
  {
    title: "Page and server share an origin",
    text: "One server, or one proxy before both: the cookies of the page are those of the socket.",
    constraints: unconstrained,
  },
  {
    title: "The API is on a sibling subdomain",
    text: "The page is on www.example.com, the WebSocket server on api.example.com.",
    constraints: { ...unconstrained, placement: "same-site" },
  },
  {
    title: "The server is on another site",
    text: "The page is embedded elsewhere, or the server is somebody else's.",
    constraints: { ...unconstrained, placement: "cross-site" },
  },
  {
    title: "Logs are read by others",
    text: "Whoever runs the server reads its access log, and so do those that the logs are sent to.",
    constraints: { ...unconstrained, placement: "same-site", demands: ["quiet-log"] },
  },
  {
    title: "Sessions must end at once",
    text: "Who logs out, or is locked out, must not go on reading on a socket that was open already.",
    constraints: { ...unconstrained, placement: "same-site", demands: ["ends-sessions"] },
  },
  {
    title: "Nobody can vouch for the Origin check",
    text: "The handshake ends in a framework or a proxy that may not look at the Origin header.",
    constraints: { ...unconstrained, demands: ["without-origin-check"] },
  },
  {
    title: "The socket lives in a worker",
    text: "A dedicated worker opens the socket, without the page's document at hand.",
    constraints: { ...unconstrained, placement: "same-host", callers: ["dedicated-worker"] },
  },
  {
    title: "The token is a JSON Web Token, and the page has to know why it is refused",
    text: "An expired token has to lead to a new one, and a broken network to another try.",
    constraints: {
      ...unconstrained,
      placement: "same-site",
      demands: ["visible-refusal"],
      shapes: ["jwt"],
    },
  },
];
