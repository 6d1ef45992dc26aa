/** Tells who started this process that it is ready, and with what: it need not be Node's. */
export function announce(ready: object): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}
