/** The only page that may hand over a token; this origin's server says which it is. */
const page: { readonly origin: string; readonly sameSite: boolean } = await (
  await fetch(`page.json${location.search}`)
).json();

/** Strict where it can be. A page of another site needs None, which browsers take with Secure only (RFC 6265bis). */
const sameSite = page.sameSite ? "SameSite=Strict" : "SameSite=None; Secure";

addEventListener("message", ({ origin, data }: MessageEvent<unknown>) => {
  if (origin !== page.origin || typeof data !== "string") return;
  document.cookie = `token=${encodeURIComponent(data)}; Path=/; ${sameSite}`;
  parent.postMessage("stored", page.origin);
});

parent.postMessage("ready", page.origin);
