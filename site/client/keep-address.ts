/**
 * Has the page's address say what it shows, also for a file: "?step=cookies#answer", "" for no query.
 * False when the browser refuses: Safari does after a hundred changes in half a minute.
 * https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten
 * https://bugs.webkit.org/show_bug.cgi?id=156115
 */
export function keepAddress(query: string): boolean {
  return isWritten(() => history.replaceState(null, "", addressWith(query)));
}

/** The same as a step of its own, which the browser's back button takes back. */
export function pushAddress(query: string): boolean {
  return isWritten(() => history.pushState(null, "", addressWith(query)));
}

/** This page's whole address with another query and fragment: what to copy, also where it was not kept. */
export function addressWith(query: string): string {
  // Without the path, an empty query would leave that of the page.
  return new URL(`${location.pathname}${query}`, location.href).href;
}

function isWritten(write: () => void): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}
