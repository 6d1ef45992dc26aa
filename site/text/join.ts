/** What the page says that lets other browsers in. */
export const joinText = {
  title: "Join with another browser",
  lead: "Measure the browser of a phone, or of another machine: it opens the lab, walks through the trials by itself, and its column of the matrix fills while it does.",
  noScript: "The addresses are drawn by a script: please allow scripts.",
  asking: "Asking the lab where it listens …",
  unreachable: (reason: string): string => `The lab does not answer: ${reason}`,
  closed: {
    heading: "This lab is open to this machine only",
    lead: "To let other devices in, stop it with Ctrl+C and start it like this:",
    command: "npm start -- --host 0.0.0.0",
    after: "It then shows the addresses to open, here and in the terminal.",
    read: "First read what that means for security, below.",
  },
  open: {
    heading: "Open this on the other device",
    lead: "Both devices have to be in the same network. Scan the code, or type the address; then press “Measure this browser”.",
    several:
      "This machine has several addresses. One of them is in the network of your phone: try one after the other.",
    code: (url: string): string => `QR code of ${url}`,
  },
  names: {
    heading: "What a device can measure",
    service: (service: string): string =>
      `A browser keeps cookies and passwords for a host, so every trial needs a host of its own. For other devices these are names below ${service}, a public DNS service that reads an address out of a name: t0-….192-0-2-7.${service} leads to 192.0.2.7.`,
    fallback:
      "Where such names do not lead to the lab (no internet, or a router that filters them), all trials are made on one host, and those that need their own end as unsupported. The first page of a visit finds that out.",
    none: "This lab asks no DNS service (--names none): all trials of a device are made on one host. Those that need their own, with cookies or HTTP authentication, end as unsupported.",
    sites:
      "Trials on several sites need names that only a switch of the browser leads to the lab: for visitors they end as unsupported.",
    context:
      "Plain HTTP from another device is no secure context, unlike localhost: techniques that need WebCrypto or Secure cookies end as unsupported.",
  },
  security: {
    heading: "What this means for security",
    points: [
      "Everybody in the same network can open the lab, start visits, and see those of all others: browser, version, system and results. Do it in a network that you trust.",
      "The lab speaks plain HTTP to visitors. Whoever is in between can read and change everything, tokens included. They are made for one trial, and protect nothing but the lab.",
      "The lab answers only to its own names: addresses, localhost, and names that hold an address of this machine. Another web site cannot point a name of its own at it (DNS rebinding), and posts from other origins are refused.",
      "Where all trials of a visit share one host, every page of the lab on that host could interfere with them; only the visitor’s own does.",
      "Files are written only for a page that was opened on this machine by localhost.",
      "Stop the lab with Ctrl+C when you are done, and never open its ports to the internet.",
    ],
  },
  visits: {
    heading: "Visits",
    none: "Nobody has come yet.",
    running: (done: number, total: number): string => `running: ${done} of ${total} trials`,
    over: (passed: number, total: number): string => `over: ${passed} of ${total} trials passed`,
    show: "Show in the matrix",
    download: "Download",
    save: "Save on this machine",
    saveHint:
      "Saved visits come back when the lab starts again. Saving works on the machine of the lab, where this page is open by localhost.",
    saved: (path: string): string => `Saved as ${path}.`,
    notSaved: (reason: string): string => `Not saved: ${reason}`,
    noAnswer: "the lab does not answer",
  },
} as const;
