import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { LeftBehindLog } from "../../server/left-behind.ts";

const trace = { accessLogLine: "GET /", referer: undefined, isProxied: false };

suite("what requests leave behind", () => {
  test("is kept by attempt until it is taken, once", () => {
    const log = new LeftBehindLog();
    log.add("a", { accessLogLine: "1", referer: "http://r/", isProxied: true });
    log.add("a", { ...trace, accessLogLine: "2" });
    log.add("b", trace);
    log.addHandshakeAnswer("a", "HTTP/1.1 101");
    assert.deepEqual(log.take("a"), {
      accessLog: ["1", "2"],
      referers: ["http://r/"],
      handshakeAnswers: ["HTTP/1.1 101"],
      proxied: 1,
    });
    assert.equal(log.take("a").accessLog.length, 0);
    assert.equal(log.take("b").accessLog.length, 1);
  });

  test("is bounded in attempts and in requests of one", () => {
    const log = new LeftBehindLog();
    for (let attempt = 0; attempt <= 100; attempt += 1) log.add(`${attempt}`, trace);
    for (let request = 0; request < 60; request += 1) log.add("1", trace);
    assert.equal(log.take("1").accessLog.length, 50);
    assert.equal(log.take("0").accessLog.length, 0, "the oldest made room");
    assert.equal(log.take("100").accessLog.length, 1);
  });
});
