/** What a page of the floor does once it has loaded: its connections one after the other, and then the next page. */
export interface FloorPageTask {
  readonly endpoint: string;
  readonly connections: number;
  readonly next: string;
  /** Where it goes when a connection does not end as it should. */
  readonly lost: string;
}

/** The blank page. It loads nothing, not even an icon. */
export function floorPage(task: FloorPageTask): string {
  const data = JSON.stringify(task).replaceAll("<", String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Blank</title>
<link rel="icon" href="data:,">
<script type="module">
const { endpoint, connections, next, lost } = ${data};
function talk() {
  const { promise, resolve } = Promise.withResolvers();
  const socket = new WebSocket(endpoint);
  socket.addEventListener("message", ({ data }) => {
    socket.send("Goodbye " + data.slice("Hello ".length, -1) + ".");
  });
  socket.addEventListener("close", ({ code }) => resolve(code));
  return promise;
}
addEventListener("load", async () => {
  for (let made = 0; made < connections; made += 1) {
    const code = await talk();
    if (code !== 1000) return location.replace(lost + "?code=" + code);
  }
  location.replace(next);
});
</script>
`;
}
