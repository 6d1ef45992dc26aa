/** The words of the live page, around what its panels say. */
export const liveText = {
  title: "Live",
  heading: "Connecting as",
  lead: "Each panel gets a token of its own, opens one WebSocket with it, and compares what happened at both ends.",
  again: "Run all again",
  anotherName: "Another name",
  legend: {
    summary: "How to read a panel",
    serials:
      "Every token has a serial next to its secret: #1, #2, … The lab notes which serial was given to the page and which one the browser presented to the server. Run a panel again and watch whether they stay the same.",
    states:
      "OK: the browser presented the token it was given, and the server greeted the user that the token belongs to. KO: anything else. Unknown: it did not end in time, which proves nothing. The lab failed: not your browser’s fault.",
    clocks:
      "The page’s times start with its attempt, the servers’ when the token was handed out: these are two clocks.",
  },
  noScript: "WebSockets are opened by a script: please allow scripts.",
  more: {
    heading: "One connection proves little",
    lead: "Does the browser also get refused when it should be? Does it keep presenting the right token? A walk through short trials answers that. They follow each other by themselves, and fill a column of the matrix.",
    button: "Measure this browser",
  },
} as const;
