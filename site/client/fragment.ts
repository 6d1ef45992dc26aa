/** What the address names on the page: its fragment, or nothing where that is no valid one ("#%"). */
export function namedByFragment(): HTMLElement | null {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null;
  }
}
