/** @types/selenium-webdriver describes this module under a specifier that Node does not resolve. */
declare module "selenium-webdriver/http/index.js" {
  export class HttpClient {
    constructor(serverUrl: string);
    send(request: unknown): Promise<unknown>;
  }
  export class Executor {
    constructor(client: HttpClient);
    execute(command: unknown): Promise<unknown>;
  }
}
