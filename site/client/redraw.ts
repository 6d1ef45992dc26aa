/** Changes what is in an element, and gives the focus, the scrolling and what was unfolded back to what was there before. */
export function fill(element: HTMLElement | null, markup: string): void {
  if (element === null || element.innerHTML === markup) return;
  const { activeElement } = document;
  const focused =
    activeElement !== null && element.contains(activeElement) ? selectorOf(activeElement) : null;
  const region = element.querySelector("[data-matrix]");
  const [left, top] = [region?.scrollLeft ?? 0, region?.scrollTop ?? 0];
  const open = [...element.querySelectorAll("details")].map((details) => details.open);
  element.innerHTML = markup;
  for (const [index, details] of element.querySelectorAll("details").entries()) {
    details.open = open[index] ?? false;
  }
  element.querySelector("[data-matrix]")?.scrollTo(left, top);
  if (focused !== null) element.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
}

/** Puts markup of one element in the place of another one, and the focus where it was. */
export function replaceElement(element: HTMLElement, markup: string): Element {
  const isFocused = element.contains(document.activeElement);
  const template = document.createElement("template");
  template.innerHTML = markup;
  const fresh = template.content.firstElementChild ?? element;
  element.replaceWith(fresh);
  if (isFocused) fresh.querySelector("a")?.focus({ preventScroll: true });
  return fresh;
}

/** How to find what corresponds to an element after a redraw: links by their address, all else by its kind. */
function selectorOf(element: Element): string {
  const href = element.getAttribute("href");
  if (href !== null) return `a[href="${CSS.escape(href)}"]`;
  return element.hasAttribute("data-matrix") ? "[data-matrix]" : element.localName;
}
