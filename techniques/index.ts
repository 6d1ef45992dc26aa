import type { Technique } from "./technique.ts";
import { cookieIframe } from "./cookie-iframe/server.ts";
import { firstMessage } from "./first-message/server.ts";
import { queryParameter } from "./query-parameter/server.ts";
import { userInformation } from "./user-information/server.ts";

/** The registry, in display order; technique n listens on the app's port + n, so new ones go last. */
export const techniques: readonly Technique[] = [
  firstMessage,
  queryParameter,
  cookieIframe,
  userInformation,
];

/** The folder that holds a folder for each technique. */
export const techniquesDirectory: URL = new URL("./", import.meta.url);
