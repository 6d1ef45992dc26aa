/** Where a lab is attacked. All ports are of this machine. */
export interface Target {
  /** Of the app. */
  readonly app: number;
  /** Of a server that authenticates in the handshake, by the parameter `token`. */
  readonly handshake: number;
  /** The same over TLS. */
  readonly handshakeTls: number;
  /** Of a server that authenticates with the first message. */
  readonly message: number;
  /** A token that is good at all of them, as often as anybody likes. */
  readonly token: string;
  /** How long a slow client waits between two bytes. */
  readonly dribbleMs: number;
}
