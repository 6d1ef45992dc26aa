/** What the page of answers says around them. */
export const answersText = {
  title: "Questions and answers",
  lead: "What users of WebSockets ask, answered from what browsers were seen to do. Whatever an answer says of a browser is looked up in the results whenever they change, and leads to the trials that show it.",
  measured: (days: string, browsers: string): string => `Measured on ${days} in ${browsers}.`,
  nothingMeasured: "There are no results: nothing here has been shown.",
  find: "Find a question",
  findHint: "Words of the question, or of its answer",
  found: (count: number, all: number): string =>
    count === all ? `All ${all} questions` : `${count} of ${all} questions`,
  contents: "The questions",
  proof: "What was measured",
  whatToDo: "What to do",
  sources: "Where to read on",
  techniques: "See the techniques",
  copy: "Copy a link to this question",
  copied: "Copied",
  notCopied: "This browser does not let the page copy: copy the address from the address bar.",
  marks: {
    shown: { sign: "✓", word: "shown", before: "shown in" },
    "not-so": { sign: "✗", word: "not so here", before: "not so in" },
    "not-measured": { sign: "?", word: "not measured", before: "not measured in" },
  },
  noLonger: (browsers: string): string => `These results no longer show this: ${browsers}.`,
  answerInDoubt:
    "Part of this answer is no longer shown by these results. Look at what was measured before you rely on it.",
  answerUnshown:
    "Part of this answer is not shown by these results: no browser here was seen to do so, or none was tried. Look at what was measured before you rely on it.",
  seenIn: (browser: string, seen: string): string => `${browser}: ${seen}`,
  details: "What was seen",
  and: " and ",
} as const;

/**
 * What claims say. None names a browser: whose behaviour it is, the results say. Backticks are code.
 */
export const claimTexts = {
  "header-argument":
    "A header that is handed to `new WebSocket`, as a third argument or in place of the subprotocols, never arrives: a good token is not accepted.",
  "header-stream":
    "`WebSocketStream` does not take one either: it reads no `headers`, or is not there at all.",
  "header-transport": "Nor does `WebTransport`, where there is one.",
  "header-user-information":
    "A good token in the address, as in `wss://user:token@host/`, is accepted: it arrives as `Authorization: Basic`, the only value of that header that a page can bring about.",
  "basic-withheld":
    "User name and password that the browser remembers are not sent with the handshake, not even to the page's own host and port: the server answers 401.",
  "basic-sent":
    "User name and password that the browser remembers are sent with the handshake to the page's own host and port.",
  "basic-other-port": "They are sent to another port of the page's host too.",
  "basic-fetch":
    "An `Authorization` header that `fetch` was given is not remembered: the socket after it is refused.",
  "basic-in-address": "The same pair in the socket's own address is accepted.",
  "subprotocol-unselected-fails":
    "When the server selects none of the subprotocols that were offered, a good token is of no use: the connection fails.",
  "subprotocol-unselected-opens":
    "When the server selects none of the subprotocols that were offered, the connection opens all the same.",
  "subprotocol-looks-down": "To the page such a server looks like one that is down.",
  "subprotocol-selected":
    "When the server selects the marker and not the token, good tokens are accepted, four connections in a row.",
  "subprotocol-characters":
    "A token that is offered as it is, with characters like `=` or `/`, is refused by the page's own call, before anything is sent.",
  "refusal-like-outage":
    "A 401 with or without a challenge, a 403 and a redirect to a login page all look like a server that is down.",
  "expired-like-outage":
    "A token that ran out, refused during the handshake, looks like a server that is down.",
  "certificate-like-outage":
    "A certificate that nobody vouches for looks like a server that is down.",
  "code-tells":
    "A server that accepts, and then closes with 4401 and a reason, can be told from one that is down.",
  "message-says-why":
    "A token that ran out, refused after opening, comes with a code and a reason that the page can read.",
  "address-logged":
    "A token in the query or in the path is found in the server's access log, and in that of the proxy before it.",
  "address-console":
    "A token in the query is found in the browser's console too, when the connection fails.",
  "header-unlogged":
    "A token in a subprotocol, in a cookie or in user information is in neither access log.",
  "message-unlogged": "A token in the first message is in neither access log.",
  "ticket-spent":
    "A single-use ticket is in both access logs as well, but whoever repeats it is refused.",
  "untrusted-silent":
    "A socket to a server whose certificate nobody vouches for is refused, and nobody is asked.",
  "untrusted-like-refusal": "The page cannot tell it from a token that was refused.",
  "accepted-same-port":
    "Once a user has accepted the certificate on a page of the same host and port, the socket connects.",
  "accepted-one-port":
    "That acceptance is for one port: the socket to another port of the same host is still refused.",
  "authority-trusted":
    "When the browser trusts the authority that made the certificate, the socket connects.",
  "cookie-lax":
    "A cookie with `SameSite=Lax` or `SameSite=Strict` does not come with a socket to another site.",
  "cookie-secure":
    "`SameSite=None` goes with `Secure`, and such a cookie does not come with a plain `ws` socket.",
  "cookie-none-blocked":
    "A cookie with `Secure; SameSite=None` does not come with a socket to another site, with the browser as it comes.",
  "cookie-none-allowed": "It does come when the browser is set to allow third-party cookies.",
  "cookie-partitioned": "With `Partitioned` as well it comes, with the browser as it comes.",
  "cookie-storage-access":
    "It comes after `document.requestStorageAccess()` was granted in a frame.",
  "cookie-same-site":
    "To another host of the page's own site, a cookie with `SameSite=Lax` comes, and so does one of the domain above both, over `ws` too.",
  "rotation-stale":
    "With the token in the address, as in `wss://user:token@host/`, a later connection presents an earlier connection's token instead of its own.",
  "rotation-stale-opens":
    "So it happens that a bad token is let in, because a good one before it is presented again.",
  "rotation-frame": "The same with a pair that a hidden frame's address made the browser remember.",
  "rotation-fresh":
    "With the token in the query, in a subprotocol, in the first message or in a ticket, each of four connections presents its own.",
  "revoked-unwatched":
    "Without a watch on sessions, a socket stays open after its credential was revoked.",
  "expired-unwatched":
    "Without a watch on sessions, a socket stays open after its credential has run out.",
  "logged-out-watched":
    "With that watch, logging out closes the socket, and the next one is refused.",
  "revoked-jwt":
    "A JSON Web Token that was revoked still gets in, where the server verifies its signature and asks nobody.",
  "large-in-handshake":
    "A token of 16 KiB in the query, in a subprotocol or in user information is refused by the server, with status 431.",
  "large-fits": "One of 8 KiB fits there.",
  "large-cookie":
    "A token of 4 KiB does not fit into a cookie that a page's script sets: the browser leaves it out without a word.",
  "large-in-message":
    "A token of 16 KiB fits into the first message, and into the HTTP request that hands out a ticket.",
  "loopback-opens":
    "Sockets from a page on this machine to this machine open, to another port and to another site's name.",
  "loopback-mixed":
    "A page over https under `localhost` may open a plain `ws` socket to `localhost`.",
  "mixed-refused": "A page over https may not open a plain `ws` socket to any other host.",
  "hijack-unchecked":
    "A page on another port of the host gets in with the user's cookie, when the server does not look at `Origin`: ports do not separate cookies.",
  "hijack-same-site":
    "A page of another site does not, even then, where the cookie has `SameSite=Lax`.",
  "hijack-none":
    "With a cookie that has `Secure; SameSite=None`, where third-party cookies are allowed, nothing but the check of `Origin` keeps a page of another site out.",
  "hijack-checked":
    "When the server looks at `Origin`, pages of another site, sandboxed ones and those on another port are refused.",
  "hijack-by-design":
    "With a token in the first message or in the query, other pages have nothing to present: they are refused by design.",
} as const;

/** The id of a claim. */
export type ClaimId = keyof typeof claimTexts;

/** The id of a question, which is also its fragment. */
export type QuestionId = `q${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`;

/** A page elsewhere. */
export interface Source {
  readonly text: string;
  readonly href: string;
}

/** The words of a question. */
export interface QuestionText {
  readonly question: string;
  /** One to three sentences. `{id}` stands for the browsers that show this claim, in brackets that are left out when none does. */
  readonly short: string;
  /** Paragraphs, in which `[… {id} …]` stands for the same. */
  readonly explanation: readonly string[];
  readonly whatToDo: readonly string[];
  readonly sources: readonly Source[];
}

const github = (thread: string): Source => {
  return { text: thread, href: `https://github.com/${thread.replace("#", "/issues/")}` };
};

/** The questions and their answers, in the order in which they are asked. */
export const questionTexts: Readonly<Record<QuestionId, QuestionText>> = {
  q1: {
    question: "Can I set the `Authorization` header?",
    short:
      "Not with `new WebSocket`: it takes an address and subprotocols, and no headers. [All that a page can bring about is `Authorization: Basic`, with user information in the address, as in {header-user-information}.] Programs can set it, and so can your own proxy.",
    explanation: [
      "The standard gives pages no way to add a header to the handshake, and many have asked for one. What people try instead was tried here, so that the answer is a measurement: it is ignored, or it throws.",
    ],
    whatToDo: [
      "Send the token as the first message, or as a subprotocol.",
      "Where the handshake has to be refused, fetch a single-use ticket over HTTP, with the header, and put that into the address.",
      "Let cookies do it if page and server share a site, and check `Origin`.",
    ],
    sources: [
      github("whatwg/websockets#16"),
      {
        text: "The WebSocket interface in the standard",
        href: "https://websockets.spec.whatwg.org/#the-websocket-interface",
      },
    ],
  },
  q2: {
    question: "Why does the socket of my Basic-protected page get a 401 in Safari?",
    short:
      "Because not every browser sends what it remembers of HTTP authentication with a WebSocket's handshake. [{basic-sent} did, to the page's own host and port.] [{basic-withheld} did not.]",
    explanation: [
      "The Fetch standard leaves open what is remembered, and for whom, and pages cannot set the header themselves.",
      "Safari itself is told of here only where it is named. Another browser with WebKit in it may do otherwise.",
    ],
    whatToDo: [
      "Protect pages and HTTP with Basic authentication if you must, and hand out a ticket there that opens the socket.",
      "Or let the proxy set a session cookie, as with forward authentication.",
      "Do not build on user information in the address: see question 8.",
    ],
    sources: [
      github("whatwg/fetch#565"),
      { text: "WebKit bug 80362", href: "https://bugs.webkit.org/show_bug.cgi?id=80362" },
    ],
  },
  q3: {
    question: "Why does subprotocol authentication work in Firefox but not in Chrome?",
    short:
      "Because your server selects none of the subprotocols that the page offers. The standard has the browser fail such a connection. [{subprotocol-unselected-fails} did.] [{subprotocol-unselected-opens} let it open.]",
    explanation: [
      "The token travels as the name of a subprotocol. A server that only reads it, and answers without `Sec-WebSocket-Protocol`, has not agreed on any.",
    ],
    whatToDo: [
      "Offer two: a marker, and one that carries the token. Select the marker.",
      "Never select the token: the answer, and `socket.protocol`, would repeat it.",
      "Encode the token as base64url without padding, and give it a prefix.",
    ],
    sources: [
      github("django/channels#1369"),
      {
        text: "Establishing a connection, in the standard",
        href: "https://websockets.spec.whatwg.org/#concept-websocket-establish",
      },
      {
        text: "RFC 6455, section 4.1",
        href: "https://www.rfc-editor.org/rfc/rfc6455#section-4.1",
      },
    ],
  },
  q4: {
    question: "Is 1006 an expired token or a broken network?",
    short:
      "You cannot tell. 1006 is all that a page gets of a handshake that failed, whether the server refused it, sent it elsewhere or is not there.",
    explanation: [
      "The standard hides the reason on purpose: a page must not learn about servers that it may not talk to. So a client that answers every 1006 with a new try will try for ever with a token that ran out.",
    ],
    whatToDo: [
      "Accept the connection, then close it with a code of your own, like 4401, and a reason. Clients can act on that.",
      "Or ask over HTTP whether the session still is one, before you try again.",
      "Wait longer after each failure, whatever it was.",
    ],
    sources: [
      github("phoenixframework/phoenix#5155"),
      {
        text: "Why failures look alike, in the standard",
        href: "https://websockets.spec.whatwg.org/#feedback-from-the-protocol",
      },
    ],
  },
  q5: {
    question: "Is my token in the logs?",
    short:
      "If it is in the address, yes: in the server's access log and in that of every proxy before it. In a cookie, a subprotocol or a message it is not.",
    explanation: [
      "The lab gave every token a name, and then looked for the token itself, as it is and encoded, in an access log in the widespread combined format, and in a proxy's. Logs that are told to hold headers hold more.",
      "An address is in more places than logs: in the socket's `url`, and wherever errors are reported.",
    ],
    whatToDo: [
      "Keep tokens out of addresses, or make them single-use and short-lived.",
      "Where an address has to carry one, leave the query out of the log's format, at the proxy too.",
    ],
    sources: [
      github("phoenixframework/phoenix#5778"),
      {
        text: "The combined log format",
        href: "https://httpd.apache.org/docs/2.4/logs.html#combined",
      },
    ],
  },
  q6: {
    question: "Why does `wss` to a self-signed server fail without a prompt?",
    short:
      "Because a browser asks about a certificate for a page only, and never for a socket: the handshake just fails. Open an https page of that server first, or better have the certificate vouched for.",
    explanation: [
      "What the user accepts on a page counts for its host, and not in every browser for the host's other ports. [In {accepted-one-port} another port was refused all the same.]",
    ],
    whatToDo: [
      "Make an authority of your own for development, and have the browser trust it.",
      "Serve page and socket on the same host and port, so that one acceptance is enough.",
      "In production take a certificate from a public authority.",
    ],
    sources: [github("websockets/ws#2059")],
  },
  q7: {
    question: "Why is my cookie missing cross-site?",
    short:
      "`SameSite=Lax` and `SameSite=Strict` keep it at home. With `Secure; SameSite=None` the browser's policy for third-party cookies decides. [As they come, it was withheld in {cookie-none-blocked}.] [`Partitioned` brought it back in {cookie-partitioned}.]",
    explanation: [
      "A handshake is a request like others: the cookie's own attributes and the browser's policy both have to let it pass. That policy is not the same everywhere, and users can change it.",
    ],
    whatToDo: [
      "Put page and socket under one site: `www.example.com` and `ws.example.com`.",
      "In a page that is embedded elsewhere, add `Partitioned`, or ask for storage access.",
      "Where neither is possible, do without cookies: send the token as the first message.",
    ],
    sources: [github("privacycg/CHIPS#92"), github("privacycg/storage-access#140")],
  },
  q8: {
    question: "Why does reconnecting use the old token?",
    short:
      "Either your client took the token once and keeps it, or the browser does. [With user information in the address, {rotation-stale} presented a former connection's token.]",
    explanation: [
      "Libraries that reconnect by themselves often do so with the address or the parameters of the first connection. Give them a function that fetches a token, and check that every try calls it.",
      "HTTP authentication is for a whole part of a server (RFC 7617, section 2.2): whoever has a pair for it may send that again, without asking for another.",
    ],
    whatToDo: [
      "Fetch a fresh token for every connection, also for those that come after sleep.",
      "Do not put user information into the address.",
      "Look at the server at which token was presented, and not only at whether the socket opened: a stale one that still is valid opens too.",
    ],
    sources: [github("supabase/supabase-js#2613"), github("whatwg/fetch#565")],
  },
  q9: {
    question: "Does logging out close sockets?",
    short:
      "Not by itself. A server that looks at the credential once, when the connection is made, never hears that the session is over.",
    explanation: [
      "The lab's server watches the sessions of its open sockets, and closes them when they end; each trial was made once without that watch, to show what it is for. That is the server's doing and no browser's.",
    ],
    whatToDo: [
      "Keep a list of the open sockets of every session, and close them when it ends.",
      "Give sockets a longest life, or have clients renew their token on the open connection.",
      "Let JSON Web Tokens live for minutes, or look revoked ones up in a list.",
    ],
    sources: [github("websockets/ws#1653")],
  },
  q10: {
    question: "Why does a big JWT fail only on WebSockets?",
    short:
      "Because it has to travel in the address or in a header of the handshake, whose size servers and proxies limit. That limit is not for bodies and messages. [As the first message, and in the body that is traded for a ticket, 16 KiB went through in {large-in-message}; more was not tried.]",
    explanation: [
      "Libraries that send the token as a header over HTTP put it into the query for a WebSocket, because a page cannot set headers there. The lab's server is Node.js, which takes 16 KiB of headers together; others take less.",
    ],
    whatToDo: [
      "Send the token as the first message.",
      "Or exchange it over HTTP for a short ticket.",
      "Keep permissions out of tokens: a session's id is short.",
    ],
    sources: [
      github("dotnet/aspnetcore#58534"),
      {
        text: "The limit of Node.js",
        href: "https://nodejs.org/api/http.html#httpmaxheadersize",
      },
    ],
  },
  q11: {
    question: "Why did localhost sockets break in 2026?",
    short:
      "Chrome asks the user before a page from a public address may reach this machine or the local network, and since version 147 that is so for WebSockets too. The lab does not measure this: its pages are on this machine themselves, and those are not affected.",
    explanation: [
      "The rule is called Local Network Access. It looks at the addresses that names stand for, so that a public name for 127.0.0.1 does not help; it asks on https pages only; and a frame needs to be allowed by the page around it.",
      "What is shown here is the neighbourhood: that nothing keeps a local page from local servers, and which mixed content is let through.",
    ],
    whatToDo: [
      "Serve the page over https, say why it needs the permission, and handle the refusal.",
      'Allow frames with `allow="loopback-network"`, or `local-network`.',
      "In development, serve the page from localhost too.",
      "Have the local server check `Origin` all the same: see question 12.",
    ],
    sources: [
      {
        text: "Local Network Access, Chrome's guide",
        href: "https://developer.chrome.com/docs/modern-web-guidance/guides/security/local-network-access",
      },
      {
        text: "Restrictions for WebSockets, Chrome Platform Status",
        href: "https://chromestatus.com/feature/5197681148428288",
      },
      {
        text: "The explainer",
        href: "https://github.com/WICG/local-network-access/blob/main/explainer.md#websockets",
      },
    ],
  },
  q12: {
    question: "Can another site open my socket?",
    short:
      "Yes: any page may open a socket to any server, and no CORS is asked. It knows no secret, so what is in danger is what the browser presents by itself, like cookies. Check `Origin`.",
    explanation: [
      "This is how development servers were read by any page that their developer visited (CVE-2025-24010). `SameSite` helps against other sites, and not against other ports or sibling hosts of your own.",
    ],
    whatToDo: [
      "Refuse handshakes whose `Origin` is not one of your own, before you look at any credential.",
      "Set `SameSite=Lax` or `Strict` where the cookie need not cross sites.",
      "Or take a token that the page has to present itself.",
    ],
    sources: [
      {
        text: "Vite's advisory, CVE-2025-24010",
        href: "https://github.com/vitejs/vite/security/advisories/GHSA-vg6x-rcgg-rjx6",
      },
      {
        text: "RFC 6455, section 10.2",
        href: "https://www.rfc-editor.org/rfc/rfc6455#section-10.2",
      },
    ],
  },
};
