/** The only page that may hand over a token, and the cookie that keeps it: this origin's server says which. */
const page: { readonly origin: string; readonly cookie: string; readonly attributes: string } =
  await (await fetch(`page.json${location.search}`)).json();

addEventListener("message", ({ origin, data }: MessageEvent<unknown>) => {
  if (origin !== page.origin || typeof data !== "string") return;
  document.cookie = `${page.cookie}=${encodeURIComponent(data)}; Path=/; ${page.attributes}`;
  parent.postMessage("stored", page.origin);
});

parent.postMessage("ready", page.origin);
