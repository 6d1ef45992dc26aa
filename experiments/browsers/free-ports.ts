import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports of 127.0.0.1 that were free a moment ago, for programs that cannot pick one themselves. All
 * differ from each other; one may be taken before it is used.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  await using held = new AsyncDisposableStack();
  const ports: number[] = [];
  while (ports.length < count) {
    const server = held.use(createServer().listen(0, "127.0.0.1"));
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address !== null) ports.push(address.port);
  }
  return ports;
}
