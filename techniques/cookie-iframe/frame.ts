/** The only page that may hand over a token, and the cookie that keeps it: this origin's server says which. */
const page: { readonly origin: string; readonly cookie: string; readonly attributes: string } =
  await (await fetch(`page.json${location.search}`)).json();

addEventListener("message", ({ origin, data }: MessageEvent<unknown>) => {
  if (origin !== page.origin || typeof data !== "string") return;
  document.cookie = `${page.cookie}=${encodeURIComponent(data)}; Path=/; ${page.attributes}`;
  // Chromium sends the cookie off and goes on, and a socket may overtake it. Reading waits until it is
  // stored: https://github.com/chromium/chromium/blob/main/third_party/blink/renderer/core/loader/cookie_jar.cc
  void document.cookie;
  parent.postMessage("stored", page.origin);
});

parent.postMessage("ready", page.origin);
