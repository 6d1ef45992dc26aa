import type { Placement, Scheme } from "../../model/trial.ts";
import type { LessonId } from "../lessons.ts";
import type { TrialOutcome } from "../outcomes-in.ts";

/** Somewhere that a sentence can be checked. */
export interface TextSource {
  readonly name: string;
  readonly href: string;
}

/** An answer to choose: as a sentence, and in a few words for tables. */
export interface OptionText {
  readonly label: string;
  readonly short: string;
}

/** The words of a step. Text between backticks is code. */
export interface LessonText {
  readonly title: string;
  /** A sentence or two each, for a line each on a screen. */
  readonly idea: readonly string[];
  readonly users?: readonly TextSource[];
  /** What is tried. */
  readonly experiment: string;
  /** What a visitor sees who runs it, and how what is asked differs; or why nobody can. Absent: it is what is asked. */
  readonly live?: string;
  readonly question: string;
  /** By the option's id. Of a question that asks which: `yes`, what passing means. */
  readonly options: Readonly<Record<string, OptionText>>;
  /** How it can be explained: of the mechanism, and never of a browser. */
  readonly why: string;
  readonly source?: TextSource;
}

const refused = { label: "It is refused", short: "refused" } as const;
const letIn = { yes: { label: "let in", short: "let in" } } as const;
const fails = { label: "No, the connection fails", short: "fails" } as const;
const whichToken = {
  own: { label: "Every time the new one", short: "its own" },
  other: { label: "At least once another one, such as the old one", short: "another one" },
  none: { label: "A connection fails altogether", short: "fails" },
} as const;

/** What each step says. */
export const lessonTexts: Readonly<Record<LessonId, LessonText>> = {
  why: {
    title: "Why a token at all?",
    idea: [
      "A WebSocket is one long conversation. Who opens it, talks.",
      "The server sees an address and some headers. Neither says which user it is.",
      "So the page has to hand over something that only this user can have: a token.",
      "A token should be impossible to guess, and good for a short time.",
      "All that follows is about one question: how does it get from the page to the server?",
    ],
    experiment: "A page opens the socket and hands over nothing at all. The server wants a token.",
    question: "The page has no token. What becomes of its connection?",
    options: { refused, "let-in": { label: "It is let in", short: "let in" } },
    why: "The protocol leaves the check to the server: if nobody had written it, the connection would stay. Whoever tests only that good users get in has tested half.",
    source: {
      name: "RFC 6455, section 10.5",
      href: "https://www.rfc-editor.org/rfc/rfc6455#section-10.5",
    },
  },
  "first-message": {
    title: "Say it in the first message",
    idea: [
      "The socket opens for everybody. The first message is the token.",
      "Nothing special is asked of the browser, so there is little that can differ.",
      "A refusal is a close code with a reason, which the page can read.",
      "The price: strangers hold an open socket for a moment. Give them a deadline and a small limit.",
    ],
    users: [
      { name: "Home Assistant", href: "https://developers.home-assistant.io/docs/api/websocket/" },
      {
        name: "Discord",
        href: "https://docs.discord.com/developers/topics/opcodes-and-status-codes",
      },
      {
        name: "Kraken",
        href: "https://docs.kraken.com/exchange/guides/websockets/authentication",
      },
    ],
    experiment: "The same user connects four times, each time with a new token.",
    live: "Run connects once. Press “Run again with a fresh token” on the result: it shows which token the second connection presents. The lab made four in a row.",
    question: "Which token does the server get each time?",
    options: whichToken,
    why: "The page sends the message itself, so nothing between page and server can remember an older one. Keep this answer in mind: it sounds too simple to be asked.",
  },
  protocols: {
    title: "Protocols that have a place for it",
    idea: [
      "Many applications speak a protocol on top of the socket.",
      "STOMP, MQTT, GraphQL and Socket.IO each begin with a message in which a credential has its place.",
      "It is the first message again, with a name, a format and a refusal that libraries know.",
      "If you speak such a protocol, use its place. Do not take one up for the sake of it.",
    ],
    users: [
      {
        name: "Spring (STOMP)",
        href: "https://docs.spring.io/spring-framework/reference/6.2/web/websocket/stomp/authentication-token-based.html",
      },
      {
        name: "EMQX (MQTT)",
        href: "https://docs.emqx.com/en/emqx/latest/connect-emqx/mqtt-over-websocket.html",
      },
      {
        name: "Hasura (GraphQL)",
        href: "https://hasura.io/docs/1.0/graphql/core/subscriptions/index.html",
      },
      {
        name: "Socket.IO",
        href: "https://socket.io/docs/v4/middlewares/#sending-credentials",
      },
    ],
    experiment:
      "Four connections in a row with the real client libraries. Each token is good for one use, so that an old one cannot pass for a new one.",
    live: "Run presents a single-use token twice, so the second connection should be refused. Asked is something else: four connections, each with a single-use token of its own.",
    question: "Which of them are let in all four times?",
    options: { yes: { label: "all four", short: "all four" } },
    why: "What to look for in a library is what it does when it reconnects by itself: if it repeats the credential that it was given first, that one may be spent. Give it a function that fetches a new one.",
  },
  "query-parameter": {
    title: "Put it into the query",
    idea: [
      "`wss://example.com/?token=…`: any client that takes an address can do it.",
      "The server, or a proxy before it, refuses in the handshake. Nothing opens.",
      "But addresses are written down: in access logs, in error reports, in `socket.url`.",
      "So the token must be worthless by the time somebody reads the log.",
    ],
    users: [
      { name: "SignalR", href: "https://learn.microsoft.com/aspnet/core/signalr/authn-and-authz" },
      { name: "AnyCable", href: "https://docs.anycable.io/anycable-go/jwt_identification" },
      {
        name: "Gemini Live API",
        href: "https://ai.google.dev/gemini-api/docs/ephemeral-tokens",
      },
    ],
    experiment: "A token of 16 KiB. Signed tokens with many claims in them do grow.",
    live: "Run sends a token of ordinary length, and shows where it stands in the handshake. Asked is the same with 16 KiB, which that page does not make.",
    question: "Which techniques get such a large token to the server?",
    options: { yes: { label: "arrives", short: "arrives" } },
    why: "Servers set a limit to the first line and the headers of a request, and the handshake is one. What is larger may be refused before anybody looks for a token. A message is under another limit: here none above 16 KiB was tried.",
    source: {
      name: "RFC 6585, section 5 (status 431)",
      href: "https://www.rfc-editor.org/rfc/rfc6585#section-5",
    },
  },
  ticket: {
    title: "Trade it for a ticket first",
    idea: [
      "The page asks its own server, over HTTP, for a ticket: random, good for seconds, good once.",
      "The ticket goes into the query. The token never does.",
      "A log then holds a ticket that is spent already.",
      "Tickets must be spent in one step: two handshakes at once, one winner.",
    ],
    users: [
      {
        name: "AssemblyAI",
        href: "https://assemblyai.com/docs/voice-agents/voice-agent-api/browser-integration",
      },
      {
        name: "Slack’s Socket Mode",
        href: "https://docs.slack.dev/reference/methods/apps.connections.open/",
      },
    ],
    experiment:
      "A sandboxed frame of the page, whose origin is `null`, holds a good token. It fetches a ticket and connects.",
    live: "Run connects from the page itself, which may fetch a ticket. Asked is the same from a sandboxed frame, with page and server on two sites.",
    question: "Is the frame let in?",
    options: {
      yes: { label: "Yes: its token is good", short: "let in" },
      no: fails,
    },
    why: "A ticket takes one more request, and that is ordinary HTTP with an `Origin`. Who checks origins there turns away `null`, which could be anybody. The evidence says what was refused.",
    source: {
      name: "HTML: sandboxed origins",
      href: "https://html.spec.whatwg.org/multipage/browsers.html#sandboxed-origin-browsing-context-flag",
    },
  },
  address: {
    title: "Make the address the key",
    idea: [
      "A capability path is a secret in the path: who knows the address may enter.",
      "A pre-signed URL says who may enter until when, and a signature keeps it from being changed.",
      "The first needs a list on the server; the second only a key and a clock.",
      "Both are easy to pass on, and so they are passed on: into chats, into bug reports.",
    ],
    users: [
      {
        name: "Playwright (path)",
        href: "https://playwright.dev/docs/api/class-browsertype.html#browser-type-launch-server-option-ws-path",
      },
      {
        name: "Node.js’ inspector (path)",
        href: "https://nodejs.org/en/learn/getting-started/debugging",
      },
      {
        name: "Amazon Transcribe (signed)",
        href: "https://docs.aws.amazon.com/transcribe/latest/dg/getting-started-http-websocket.html",
      },
    ],
    experiment:
      "A token with `= + / : ; @ %` in it, and with characters beyond ASCII. All of these mean something in an address, or cannot stand in one.",
    live: "Run sends a token of letters, digits, `-` and `_`, and shows where it stands in the address. Asked is the same with a token that needs escaping.",
    question: "Which addresses bring such a token to the server unharmed?",
    options: { yes: { label: "arrives", short: "arrives" } },
    why: "What is escaped by the rules arrives, if both sides use the same rules. Proxies and routers on the way may normalise a path; a secret of letters, digits, `-` and `_` leaves them nothing to do.",
    source: {
      name: "RFC 3986, section 2.1",
      href: "https://www.rfc-editor.org/rfc/rfc3986#section-2.1",
    },
  },
  subprotocol: {
    title: "Hide it among the subprotocols",
    idea: [
      '`new WebSocket(url, ["my-protocol", "bearer.…"])`: a header whose words a page can choose.',
      "The token stays out of the address, and so out of most logs.",
      "Not every character is allowed there, so the token is encoded as base64url.",
      "The server answers with the name of the protocol. It must never answer with the token.",
    ],
    users: [
      { name: "Kubernetes", href: "https://github.com/kubernetes/kubernetes/pull/47740" },
      { name: "Phoenix", href: "https://github.com/phoenixframework/phoenix/pull/6086" },
      {
        name: "OpenAI’s Realtime client",
        href: "https://github.com/openai/openai-node/blob/master/src/realtime/websocket.ts",
      },
    ],
    experiment:
      "The token is good and the server accepts it, but forgets one thing: its answer selects none of the offered subprotocols.",
    question: "Does the page get to talk to the server?",
    options: {
      yes: { label: "Yes, the socket opens", short: "opens" },
      no: fails,
    },
    why: "The standard fails a connection whose server selects nothing although something was offered. A server that forgets it may seem to work in the one browser on its author’s desk.",
    source: {
      name: "WebSockets standard: establish a connection",
      href: "https://websockets.spec.whatwg.org/#concept-websocket-establish",
    },
  },
  "custom-header": {
    title: "The header that pages cannot set",
    idea: [
      "HTTP has a place for credentials: `Authorization`.",
      "Programs use it for WebSockets too, and they should: it is what they do best.",
      "The constructor in a page takes an address and subprotocols. There is no place for headers.",
      "People try all the same: a third argument, an options object, a `WebSocketStream`.",
    ],
    users: [
      {
        name: "whatwg/websockets#16: the wish",
        href: "https://github.com/whatwg/websockets/issues/16",
      },
      {
        name: "ws, for programs",
        href: "https://github.com/websockets/ws/blob/master/doc/ws.md#new-websocketaddress-protocols-options",
      },
    ],
    experiment: "A page tries three ways of setting the header, with a good token.",
    question: "Which of the three bring the header to the server?",
    options: letIn,
    why: "An argument too many is ignored, an object becomes a string, an unknown member is skipped: that is how interfaces of the web are defined. Code that was copied from a program then connects without its header, or throws.",
    source: { name: "Web IDL", href: "https://webidl.spec.whatwg.org/#js-union" },
  },
  "user-information": {
    title: "User and token in front of the host",
    idea: [
      "`wss://alice:token@example.com/` looks like a place for a credential.",
      "A browser that honours it makes `Authorization: Basic` of it.",
      "It may do so at once, or after it was challenged with 401: the evidence shows which.",
      "And it may keep the pair in memory, as it may with any HTTP authentication.",
    ],
    users: [
      {
        name: "asked for in Node-RED",
        href: "https://github.com/node-red/node-red/issues/967",
      },
    ],
    experiment:
      "The same user connects four times, each time with a new token. All tokens are good for a while, the old ones too.",
    live: "Run connects once. Press “Run again with a fresh token” on the result: it names the token that this browser presents on the second connection. The lab made four in a row.",
    question: "The page reconnects with a new token. Which one does the browser present?",
    options: whichToken,
    why: "The socket opens either way: only a server that tells tokens apart can see it. A client may send a pair again, unasked, wherever it was good before; nothing says when it must forget one.",
    source: {
      name: "RFC 7617, section 2.2",
      href: "https://www.rfc-editor.org/rfc/rfc7617#section-2.2",
    },
  },
  "cached-basic": {
    title: "What the browser still remembers",
    idea: [
      "A page behind HTTP Basic authentication: the browser asked once and remembers the pair.",
      "Will it send the pair with the page’s WebSocket, too?",
      "Nobody plans for this. It happens when a tool is put behind a proxy with a password.",
    ],
    users: [
      {
        name: "met by users of code-server",
        href: "https://github.com/coder/code-server/issues/1348",
      },
      { name: "and of KasmVNC", href: "https://github.com/kasmtech/KasmVNC/issues/37" },
    ],
    experiment:
      "The page has the browser authenticate to the server’s origin in three ways, then opens a socket that carries nothing.",
    question: "After which request does the socket carry the credential?",
    options: letIn,
    why: "What a browser caches, for whom and for which kinds of requests, is left open by the standard. Have the page ask for a ticket over HTTP, and the question does not come up.",
    source: { name: "whatwg/fetch#565", href: "https://github.com/whatwg/fetch/issues/565" },
  },
  "session-cookie": {
    title: "The cookie that comes along",
    idea: [
      "The user is logged in. The browser adds the cookie to the handshake, as to any request.",
      "The page presents nothing, and no script has to hold a secret: `HttpOnly`.",
      "But the cookie comes along whoever opens the socket.",
      "And the same-origin policy does not stop any page from opening one.",
    ],
    users: [
      {
        name: "Action Cable",
        href: "https://guides.rubyonrails.org/action_cable_overview.html",
      },
      {
        name: "Django Channels",
        href: "https://channels.readthedocs.io/en/stable/topics/security.html",
      },
    ],
    experiment:
      "Alice is logged in. Then she opens a page of another site, which connects to the same server. This server does not look at `Origin`; its cookie has `SameSite=Lax`.",
    live: "Run connects from the page itself, and logs nobody in. Asked is about a page of another site, after Alice has logged in: that takes two pages.",
    question: "Is the other site’s page let in as Alice?",
    options: {
      refused: { label: "No, it is refused", short: "refused" },
      "let-in": { label: "Yes, it talks as Alice", short: "let in" },
    },
    why: "`SameSite=Lax` tells the browser to keep the cookie from requests that another site’s page makes, apart from following a link. That is one line of defence, and it is the browser’s. Now look at who is not another site.",
    source: {
      name: "RFC 6265bis: SameSite",
      href: "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis",
    },
  },
  "origin-check": {
    title: "Hijacking, and the check that stops it",
    idea: [
      "A site is not an origin: ports and subdomains of one site are many origins.",
      "`SameSite` does not tell them apart. The `Origin` header does.",
      "A page cannot set that header. The browser does.",
      "So the server compares it with a list of its own pages, before it looks at any cookie.",
    ],
    users: [
      {
        name: "code-server’s fix",
        href: "https://newreleases.io/project/npm/code-server/release/4.10.1",
      },
      {
        name: "Vite’s CVE-2025-24010",
        href: "https://github.com/vitejs/vite/security/advisories/GHSA-vg6x-rcgg-rjx6",
      },
      {
        name: "OWASP’s cheat sheet",
        href: "https://cheatsheetseries.owasp.org/cheatsheets/WebSocket_Security_Cheat_Sheet.html",
      },
    ],
    experiment:
      "The same server, still without the check. This time the page that connects is on another port of the server’s own host.",
    live: "Run connects from the page itself, and logs nobody in. Asked is about a second page, on another port, after Alice has logged in.",
    question: "Is the page on the other port let in as Alice?",
    options: {
      refused: { label: "No, it is refused", short: "refused" },
      "let-in": { label: "Yes, it talks as Alice", short: "let in" },
    },
    why: "Cookies know no ports, and another port of the same host is the same site. Only the origin is another one. Compare with the technique that has the check: session cookie.",
    source: {
      name: "RFC 6455, section 10.2",
      href: "https://www.rfc-editor.org/rfc/rfc6455#section-10.2",
    },
  },
  "cookie-elsewhere": {
    title: "A cookie for somebody else’s host",
    idea: [
      "The WebSocket server has another host. The page cannot set a cookie there.",
      "It can ask that host to: in a hidden frame, or with a `fetch` that carries credentials.",
      "Within one site only `Secure` stands in the way, of plain `ws`. Across sites it is a third-party cookie.",
      "Then its attributes decide, `SameSite` and `Partitioned`, and the browser’s policy.",
    ],
    users: [
      {
        name: "the frame: a guide of 2021",
        href: "https://websockets.readthedocs.io/en/10.1/topics/authentication.html",
      },
      {
        name: "those who miss their cookie",
        href: "https://github.com/privacycg/storage-access/issues/140",
      },
    ],
    experiment:
      "The page’s `fetch` has the server set a cookie, once for each of four sets of attributes. Page and server are on two sites, over TLS.",
    live: "Run has the server on another port of the page’s own host, so the cookie is not a third party’s. Asked is the same with a server on another site.",
    question: "Which of the four cookies come back with the handshake?",
    options: letIn,
    why: "A `Strict` or `Lax` cookie is ignored when it is set by a cross-site request. `None` is up to the browser’s policy, and `Partitioned` gives the page’s site a jar of its own. Other profiles of the same browser may answer otherwise.",
    source: { name: "CHIPS", href: "https://github.com/privacycg/CHIPS" },
  },
  "shared-cookie": {
    title: "Shared cookies, planted cookies",
    idea: [
      "`Domain=example.com` shares a cookie with all hosts below: `www` logs in, `ws` receives it.",
      "So does every other host below, and each of them can set one.",
      "Other ports of one host share its cookies as well.",
      "Somebody who plants a cookie of the same name logs the user in as somebody else.",
      "By the standard, a name that begins with `__Host-` can only be set by the host itself, over https.",
    ],
    users: [
      {
        name: "Rails’ sessions among subdomains",
        href: "https://github.com/heartcombo/devise/wiki/How-To:-Use-subdomains",
      },
    ],
    experiment:
      "Mallory’s page, on another port of the server’s host, stores a cookie with Mallory’s token. Then Alice logs in and connects.",
    live: "Run logs in and connects, and nobody plants anything. Asked is the same after Mallory’s page has stored a cookie: that takes two pages.",
    question: "With which cookies is Alice still let in as Alice?",
    options: {
      yes: { label: "as Alice", short: "as Alice" },
    },
    why: "With two cookies of one name the server gets both, and the one with the longer path first. It cannot see who set which. Prefixes let the browser refuse to store the second.",
    source: {
      name: "RFC 6265, sections 5.4 and 8.6",
      href: "https://www.rfc-editor.org/rfc/rfc6265#section-8.6",
    },
  },
  "storage-access": {
    title: "Ask the user: Storage Access",
    idea: [
      "Where third-party cookies are kept back, a frame may ask for its own.",
      "It takes a click in the frame, and often an answer to the browser’s question.",
      "The cookies then go with the frame’s requests, so the frame opens the socket and passes the messages on.",
      "A background connection cannot be made like this: somebody has to click.",
    ],
    users: [
      {
        name: "Google’s guide, for embedded content",
        href: "https://privacysandbox.google.com/cookies/storage-access-api",
      },
    ],
    experiment:
      "A page embeds a frame of the server’s site. The user clicks in it, and the frame asks for access and opens the socket.",
    live: "It takes a frame of another site, its cookie and a click in it. The lab’s experiments have hosts for two sites, and click.",
    question: "Is the frame’s socket let in?",
    options: {
      yes: { label: "Yes, with its own cookie", short: "let in" },
      no: fails,
    },
    why: "The draft leaves to the browser what a site has to have done before it is given access, and whether the user is asked. And lifting a policy changes no attribute of the cookie.",
    source: {
      name: "The Storage Access API",
      href: "https://privacycg.github.io/storage-access/",
    },
  },
  "forward-auth": {
    title: "Let a proxy do it",
    idea: [
      "A proxy stands in front, and asks another service about every request.",
      "Only what that service approves of reaches the WebSocket server, with the user’s name in a header.",
      "One login for many applications, also for those that know of none.",
      "The header must hold something that nobody else can make up.",
    ],
    users: [
      {
        name: "oauth2-proxy",
        href: "https://oauth2-proxy.github.io/oauth2-proxy/configuration/integrations/nginx",
      },
      {
        name: "Traefik",
        href: "https://doc.traefik.io/traefik/v3.3/reference/routing-configuration/http/middlewares/forwardauth",
      },
      { name: "Pomerium", href: "https://www.pomerium.com/learn/signed-header" },
    ],
    experiment:
      "The session has run out. The proxy answers as it would answer a person: with a redirect to the login page.",
    live: "It takes a proxy that asks before it lets anybody through: the lab’s experiments put one in front of the server.",
    question: "The handshake is answered with a redirect. What becomes of the connection?",
    options: {
      refused: { label: "It fails", short: "fails" },
      "let-in": { label: "It gets in all the same", short: "let in" },
    },
    why: "No socket logs in. The page cannot see the redirect, only close code 1006, as if the network were broken. Ask the same proxy with `fetch` before you try again.",
    source: {
      name: "WebSockets standard: establish a connection",
      href: "https://websockets.spec.whatwg.org/#concept-websocket-establish",
    },
  },
  "client-certificate": {
    title: "Prove it before HTTP begins",
    idea: [
      "While TLS is set up, the server asks for a certificate. The client signs with its key.",
      "No secret travels, and the signature fits this one connection.",
      "Between machines that is hard to beat.",
      "In a browser somebody has to choose the certificate: the user, or an administrator.",
    ],
    users: [{ name: "Pomerium", href: "https://www.pomerium.com/docs/capabilities/mtls-clients" }],
    experiment:
      "A fitting certificate is installed. The page makes no request to the server before: it opens the socket at once.",
    live: "It takes a certificate in the browser: the lab’s experiments start each browser with one, and a server over TLS that asks for it.",
    question: "Does the socket get to show the certificate?",
    options: {
      yes: { label: "Yes, and the user is let in", short: "let in" },
      no: fails,
    },
    why: "A WebSocket raises no question to the user. Where the choice is not made yet, an https request to the same host and port can raise it first; that is the technique’s other variant.",
    source: { name: "crbug.com/329884", href: "https://crbug.com/329884" },
  },
  "challenge-response": {
    title: "Prove that you have it, without showing it",
    idea: [
      "The server sends a random number that it uses once: a nonce.",
      "The page answers with an HMAC of it, made with the secret.",
      "Whoever listens has learned nothing: the next nonce is another one.",
      "It is for secrets that live long, and for the rare place without TLS.",
    ],
    users: [
      {
        name: "OBS Studio",
        href: "https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md#creating-an-authentication-string",
      },
      {
        name: "NATS",
        href: "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth",
      },
    ],
    experiment:
      "The page came over plain http, from a host whose name is not `localhost`. Its code calculates the HMAC with WebCrypto.",
    live: "If the lab’s address here is `localhost`, or https, Run has WebCrypto and the proof can be made. Asked is about a page over http from a host with another name.",
    question: "Is the page let in?",
    options: {
      yes: { label: "Yes: the proof is right", short: "let in" },
      no: fails,
    },
    why: "`crypto.subtle` exists in secure contexts only. The place for which this technique seems made, a tool without TLS, is the place where pages lack the means. Over TLS, or on `localhost`, they have it.",
    source: {
      name: "Web Cryptography",
      href: "https://w3c.github.io/webcrypto/#crypto-interface",
    },
  },
  "in-band-renewal": {
    title: "Renew it while you talk",
    idea: [
      "Tokens should live for minutes. Sockets stay open for hours.",
      "So the connection ends with its token, unless the page sends the next one in time.",
      "Nothing is interrupted, no message lost.",
      "The timer is the server’s: it must not rely on clients that leave by themselves.",
    ],
    users: [
      {
        name: "Supabase Realtime",
        href: "https://github.com/supabase/realtime-js/blob/02ae9082480b47a682d6c5b7a4f62ca3f5647ac0/src/RealtimeClient.ts",
      },
      { name: "Ably", href: "https://ably.com/docs/sdk/js/v2.0/interfaces/ably.Auth.html" },
    ],
    experiment: "Alice’s connection is open. Her page renews it with a good token, which is Bob’s.",
    live: "Run connects with a good token and leaves again; nothing is renewed. Asked is about a renewal with the token of somebody else.",
    question: "What does the server make of Bob’s token?",
    options: {
      refused: { label: "It refuses it", short: "refused" },
      "let-in": { label: "Alice’s connection becomes Bob’s", short: "becomes Bob’s" },
    },
    why: "Rooms, subscriptions and data on its way were set up for Alice. A server that takes over another name mixes two users on one connection, so a renewal must be of the same user.",
  },
  "channel-grant": {
    title: "Grants, room by room",
    idea: [
      "The WebSocket server knows no users. It tells each socket an id.",
      "The page takes the id to its own server, which signs: this socket may enter this room.",
      "A stolen grant is of no use on another socket.",
      "So the WebSocket server can be somebody else’s. A key is all that it needs.",
    ],
    users: [
      {
        name: "Pusher Channels",
        href: "https://pusher.com/docs/channels/library_auth_reference/auth-signatures/",
      },
      { name: "Laravel Reverb", href: "https://laravel.com/docs/reverb" },
    ],
    experiment:
      "A page joins a room with a grant and stays. Meanwhile the user’s token runs out, and the page tries it on a second connection.",
    live: "Run joins a room with a grant and leaves again. Asked is about a page that stays until its token has run out, and about a second connection.",
    question: "What becomes of the connection that is open?",
    options: {
      closed: { label: "It is closed, and the old token opens no other", short: "closed" },
      stays: { label: "It stays open, or the old token opens another", short: "stays" },
    },
    why: "A grant is for entering. That somebody has to leave again is a second decision: the server must be told when the right to be there is over, and act on it.",
  },
  "session-end": {
    title: "When the session is over",
    idea: [
      "A credential is looked at when the socket opens, and then no more.",
      "The user logs out, an administrator revokes a token: the open socket hears nothing of it.",
      "The server has to find the session’s sockets and close them.",
      "And tokens that anybody can verify alone, as signed ones, are hard to take back.",
      "What a token leaves behind in logs outlives it too, so let it be worthless there.",
    ],
    users: [
      {
        name: "asked in websockets/ws#1653",
        href: "https://github.com/websockets/ws/issues/1653",
      },
    ],
    experiment:
      "Alice’s socket is open when her session is revoked. This server checks sessions at the door only.",
    live: "Run logs in, connects and leaves again. Asked is about a socket that is open when its session is revoked.",
    question: "What becomes of her open socket?",
    options: {
      closed: { label: "It is closed", short: "closed" },
      stays: { label: "It stays open", short: "stays open" },
    },
    why: "To a browser a socket is a connection, and no session: closing it is left to the server. Watch sessions on the server, and close with a code of your own, such as 4401, so that the page knows why.",
    source: {
      name: "RFC 6455, section 7.4.2",
      href: "https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2",
    },
  },
  choosing: {
    title: "How to choose",
    idea: [
      "Where is the server: on the page’s host, on its site, or on another site?",
      "Who connects: your pages, other people’s pages, programs?",
      "What must not happen: a token in a log, a stranger’s socket, a session that outlives its end?",
      "Then take the simplest technique that works in all browsers that you care for.",
      "And test that it refuses.",
    ],
    experiment:
      "The last one: page and server on two sites, over TLS; four connections in a row, each with a new token.",
    live: "Run has the server on another port of the page’s own host, and connects once. Asked is about a server on another site, and four connections in a row.",
    question: "Which of these five work, every time, with the new token?",
    options: { yes: { label: "every time", short: "every time" } },
    why: "What the page itself hands over depends on the page and the server alone. What the browser adds depends on the browser, its version and its settings.",
  },
};

/** What an outcome is called where no option says it better. */
export const codeWords: Readonly<Record<TrialOutcome, string>> = {
  pass: "as hoped",
  "not-accepted": "not accepted",
  "wrong-credential": "another credential",
  "let-in": "let in",
  "not-presented": "nothing presented",
  timeout: "ran out of time",
  crash: "the browser stopped",
  "harness-error": "the lab failed",
  unsupported: "cannot be tried there",
  unstable: "not always the same",
};

/** Placements in words. */
export const placementWords: Readonly<Record<Placement, string>> = {
  "same-origin": "same origin",
  "same-host": "same host, other port",
  "same-site": "same site, other host",
  "cross-site": "another site",
};

/** Schemes in words. */
export const schemeWords: Readonly<Record<Scheme, string>> = {
  ws: "ws",
  wss: "wss",
  "http+wss": "http page, wss",
  "https+ws": "https page, ws",
};

/** Everything else that the page says. */
export const learnText = {
  title: "Learn",
  lead: "A path through the ways of authenticating a WebSocket. Each step has an idea, an experiment, and a question to answer before you see what browsers did.",
  honesty:
    "No answer here is written by hand: each is computed from the results on which this page stands.",
  start: "Start",
  startPresenting: "Present it",
  presentHint: "On a stage: large type, arrow keys only, and nothing is loaded from anywhere else.",
  contents: "The steps",
  all: "All steps",
  stepOf: (number: number, count: number): string => `Step ${number} of ${count}`,
  unknownStep: (id: string): string => `There is no step “${id}”. Here are all of them.`,
  present: "Present",
  usedBy: "Who uses it",
  experiment: "The experiment",
  question: "Before you look",
  questionOne: "Choose one.",
  questionSome: "Choose any number, or none.",
  answer: "What happened",
  showAnswer: "Show what happened",
  elsewhere: "What other browsers did",
  why: "Why",
  facts: {
    technique: "Technique",
    techniques: "Techniques",
    scenario: "Asked",
    place: "Where",
    connections: "Connections",
  },
  connections: (count: number): string => (count === 1 ? "one" : `${count}, one after the other`),
  run: "Run in this browser:",
  runHint:
    "There the server is on another port of this host, and you choose what is presented. What this page says was measured by the lab.",
  noLab:
    "These pages show what was measured. To run it in your own browser, start the lab: `npm start`.",
  noLabRun: (reason: string): string => `Not for a page that was just opened: ${reason}.`,
  measured: "What was measured, which gives the answer away:",
  techniquePage: (title: string): string => `All about it: ${title}`,
  previous: "Previous",
  next: "Next",
  back: "Back",
  guide: "Which technique to choose",
  risks: "All that goes wrong",
  end: "The end of the path",
  allBrowsers: (count: number): string => `All ${count} browsers.`,
  allMeasured: (count: number): string => `All ${count} browsers, as far as each could be tried.`,
  notKnown: (names: string): string => `Not known of ${names}.`,
  onlyBrowser: (name: string): string => `Measured in ${name} only.`,
  differ: "They differ.",
  notMeasured: "Not measured in these results.",
  notMeasuredIn: (names: string): string => `Not measured in ${names}.`,
  nothingSaid: "Nothing can be said",
  noneOfThese: "None of these",
  nobody: "nobody",
  noneOfThem: "None of them",
  noneOfMeasured: "None of those that could be tried",
  yourGuess: "your guess",
  guess: {
    right: (names: string): string => `You were right about ${names}.`,
    wrong: (names: string): string => `Not so in ${names}.`,
    notAll: (names: string): string => `Not all of it is so in ${names}.`,
    missing: "You have not chosen anything yet: what would you say?",
  },
  captionPlaces: "The same, wherever it was tried",
  captionTrials: "The same scenario, at all places where it was tried",
  place: "Place",
  evidenceOf: (browser: string): string => `evidence: ${browser}`,
  passedOf: (passed: number, measured: number): string => `${passed} of ${measured}`,
  cellEmpty: "–",
  legendEmpty: "–: not measured.",
  legendCount: "How many of the places where it was tried; each browser as it comes.",
  progress: "How far you are",
  and: (names: readonly string[]): string =>
    names.length < 2
      ? (names[0] ?? "")
      : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`,
  placeOf: (placement: string, scheme: string): string => `${placement}, ${scheme}`,
  presenter: {
    label: "Presentation",
    slides: [
      "The idea",
      "The experiment",
      "Before you look",
      "What happened",
      "Other browsers, other places",
    ],
    slideOf: (number: number, count: number): string => `${number} of ${count}`,
    leave: "Leave",
    keys: "Keys",
    keysTitle: "Keys",
    close: "Close",
    noFullScreen: "This browser gives no full screen:",
    list: [
      { keys: ["→", "Page Down", "Space"], does: "Next" },
      { keys: ["←", "Page Up"], does: "Back" },
      { keys: ["Enter", "R"], does: "Show what happened" },
      { keys: ["1 … 9"], does: "Choose an answer" },
      { keys: ["Home", "End"], does: "First and last slide" },
      { keys: ["T"], does: "Run the experiment in a new tab, where a lab is running" },
      { keys: ["F"], does: "Full screen" },
      { keys: ["D"], does: "Light or dark" },
      { keys: ["P", "Esc"], does: "Leave" },
    ],
  },
} as const;
