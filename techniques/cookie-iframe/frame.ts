/** The only page that may hand over a token; this origin's server says which it is. */
const pageOrigin: string = await (await fetch(`page-origin${location.search}`)).json();

addEventListener("message", ({ origin, data }: MessageEvent<unknown>) => {
  if (origin !== pageOrigin || typeof data !== "string") return;
  document.cookie = `token=${encodeURIComponent(data)}; Path=/; SameSite=Strict`;
  parent.postMessage("stored", pageOrigin);
});

parent.postMessage("ready", pageOrigin);
