/** Data files that come as scripts: `fetch` may not read `file://`. */
export interface DataFiles {
  /** Our own build wrote it, so that its content is what its name says. */
  load<Content>(this: void, name: string): Promise<Content>;
  /** Takes what a file calls with; false when nobody asked for it. */
  receive(this: void, name: string, content: unknown): boolean;
}

/** Asks for each file once, with `request`; but for what a lab tells of visits, which may go on. */
export function createDataFiles(
  request: (name: string, onMissing: (reason: Error) => void) => void,
): DataFiles {
  const waiting = new Map<string, (content: unknown) => void>();
  const loads = new Map<string, Promise<unknown>>();
  return {
    load<Content>(name: string): Promise<Content> {
      let promise = loads.get(name);
      if (promise === undefined) {
        promise = new Promise((resolve, reject) => {
          waiting.set(name, (content) => {
            if (grows(name)) loads.delete(name);
            resolve(content);
          });
          request(name, (reason) => {
            loads.delete(name);
            reject(reason);
          });
        });
        loads.set(name, promise);
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return promise as Promise<Content>;
    },
    receive(name, content) {
      const resolve = waiting.get(name);
      resolve?.(content);
      return resolve !== undefined;
    },
  };
}

function grows(name: string): boolean {
  return name.startsWith("evidence/visit-");
}
