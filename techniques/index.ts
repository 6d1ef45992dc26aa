import type { Technique } from "./technique.ts";
import { cachedBasic, cachedBasicFetch, cachedBasicFrame } from "./cached-basic/server.ts";
import { capabilityPath } from "./capability-path/server.ts";
import { challengeResponse } from "./challenge-response/server.ts";
import { channelGrant } from "./channel-grant/server.ts";
import { clientCertificate, clientCertificateAlone } from "./client-certificate/server.ts";
import {
  cookieCorsLax,
  cookieCorsNone,
  cookieCorsPartitioned,
  cookieCorsStrict,
} from "./cookie-cors/server.ts";
import {
  cookieIframe,
  cookieIframeLax,
  cookieIframeNone,
  cookieIframePartitioned,
  cookieIframeStrict,
} from "./cookie-iframe/server.ts";
import { customHeader, customHeaderOptions, webSocketStream } from "./custom-header/server.ts";
import { firstMessage } from "./first-message/server.ts";
import { forwardAuth, forwardAuthRedirect } from "./forward-auth/server.ts";
import { graphqlWs } from "./graphql-ws/server.ts";
import { inBandRenewal } from "./in-band-renewal/server.ts";
import { mqttConnect } from "./mqtt-connect/server.ts";
import { parentDomainCookie } from "./parent-domain-cookie/server.ts";
import { preSignedUrl } from "./pre-signed-url/server.ts";
import { queryParameter } from "./query-parameter/server.ts";
import {
  sessionCookie,
  sessionCookieHost,
  sessionCookieUnchecked,
} from "./session-cookie/server.ts";
import { socketIo } from "./socket-io/server.ts";
import { stompConnect } from "./stomp-connect/server.ts";
import { storageAccess } from "./storage-access/server.ts";
import { subprotocol, subprotocolRaw, subprotocolUnselected } from "./subprotocol/server.ts";
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
  cookieIframeStrict,
  cookieIframeLax,
  cookieIframeNone,
  cookieIframePartitioned,
  cachedBasicFetch,
  cachedBasicFrame,
  customHeaderOptions,
  webSocketStream,
  subprotocolUnselected,
  subprotocolRaw,
  forwardAuth,
  forwardAuthRedirect,
  challengeResponse,
  inBandRenewal,
  channelGrant,
  preSignedUrl,
  stompConnect,
  graphqlWs,
  socketIo,
  mqttConnect,
  storageAccess,
  clientCertificate,
  clientCertificateAlone,
  sessionCookieHost,
];

/** The folder that holds a folder for each technique. */
export const techniquesDirectory: URL = new URL("./", import.meta.url);
