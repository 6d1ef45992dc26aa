import type { Technique } from "./technique.ts";
import { cachedBasic } from "./cached-basic/server.ts";
import { capabilityPath } from "./capability-path/server.ts";
import {
  cookieCorsLax,
  cookieCorsNone,
  cookieCorsPartitioned,
  cookieCorsStrict,
} from "./cookie-cors/server.ts";
import { cookieIframe } from "./cookie-iframe/server.ts";
import { customHeader } from "./custom-header/server.ts";
import { firstMessage } from "./first-message/server.ts";
import { parentDomainCookie } from "./parent-domain-cookie/server.ts";
import { queryParameter } from "./query-parameter/server.ts";
import { sessionCookie, sessionCookieUnchecked } from "./session-cookie/server.ts";
import { subprotocol } from "./subprotocol/server.ts";
import { ticket } from "./ticket/server.ts";
import { userInformation } from "./user-information/server.ts";

/** The registry, in display order; technique n listens on the app's port + n, so new ones go last. */
export const techniques: readonly Technique[] = [
  firstMessage,
  queryParameter,
  cookieIframe,
  userInformation,
  subprotocol,
  ticket,
  sessionCookie,
  sessionCookieUnchecked,
  cookieCorsStrict,
  cookieCorsLax,
  cookieCorsNone,
  cookieCorsPartitioned,
  parentDomainCookie,
  capabilityPath,
  customHeader,
  cachedBasic,
];

/** The folder that holds a folder for each technique. */
export const techniquesDirectory: URL = new URL("./", import.meta.url);
