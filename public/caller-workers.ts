import type { MakeCaller } from "./callers.ts";

const script = "/assets/caller-worker.ts";

/** A worker that belongs to this page. */
export const dedicatedWorker: MakeCaller = (_task, onFailure) => {
  const worker = new Worker(script, { type: "module" });
  worker.addEventListener("error", (event) => onFailure(failureOf(event)));
  return {
    ready: Promise.resolve(),
    hand: (task, port) => worker.postMessage(task, [port]),
    remove: () => worker.terminate(),
  };
};

/** A worker that the pages of an origin share, named after the attempt so that it serves no other one. */
export const sharedWorker: MakeCaller = ({ home }, onFailure) => {
  const worker = new SharedWorker(script, { type: "module", name: new URL(home).search });
  worker.addEventListener("error", (event) => onFailure(failureOf(event)));
  return {
    ready: Promise.resolve(),
    hand: (task, port) => worker.port.postMessage(task, [port]),
    // Nobody can terminate it from outside. It ends itself.
    remove: () => worker.port.postMessage(null, []),
  };
};

/**
 * A service worker, registered for a path that no page is on. Its script holds the technique's browser
 * half, because `import()` is forbidden there: https://github.com/w3c/ServiceWorker/issues/1356
 */
export const serviceWorker: MakeCaller = ({ technique, home }) => {
  const path = `/techniques/${technique}/service-worker`;
  const { search } = new URL(home);
  // Of the attempt's own, so that none finds what an earlier one left.
  const scope = `${path}/${search}`;
  const registering = navigator.serviceWorker.register(`${path}.ts${search}`, {
    type: "module",
    scope,
  });
  let active: ServiceWorker | undefined;
  const activate = async (): Promise<void> => {
    active = await whenActive(await registering);
  };
  return {
    ready: activate(),
    hand: (task, port) => active?.postMessage(task, [port]),
    remove() {
      // What was never registered, its report has told about.
      registering.then((registration) => registration.unregister()).catch(() => {});
    },
  };
};

function whenActive({
  installing,
  waiting,
  active,
}: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const worker = installing ?? waiting ?? active;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (worker === null || worker.state === "redundant") {
        reject(new Error("the service worker was not installed"));
      } else if (worker.state === "activated") resolve(worker);
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}

/** A script that cannot be loaded is an event without a word: https://html.spec.whatwg.org/multipage/workers.html#worker-processing-model */
function failureOf(event: Event): unknown {
  if (event instanceof ErrorEvent && event.message !== "") return event.error ?? event.message;
  return new Error("the worker's script could not be loaded");
}
