import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  ConfigError,
  parseHosts,
  parseLifetime,
  parseNames,
  parsePort,
} from "../../server/config.ts";
import { createKnownHost, knownHost } from "../../server/known-host.ts";

suite("a good setting is read", () => {
  const rows: [name: string, actual: () => unknown, expected: unknown][] = [
    ["a port", () => parsePort("8000", 4), 8_000],
    ["port 0, which takes free ones", () => parsePort("0", 4), 0],
    ["the highest port that leaves room", () => parsePort("65088", 4), 65_088],
    ["localhost, for both loopback addresses", () => parseHosts("localhost"), ["127.0.0.1", "::1"]],
    ["an IPv4 address", () => parseHosts("0.0.0.0"), ["0.0.0.0"]],
    ["an IPv6 address in brackets", () => parseHosts("[::1]"), ["::1"]],
    ["a DNS service", () => parseNames("sslip.io"), "sslip.io"],
    ["no DNS service", () => parseNames("none"), null],
    ["a lifetime in seconds", () => parseLifetime("1.5"), 1_500],
  ];
  for (const [name, actual, expected] of rows) {
    test(name, () => assert.deepEqual(actual(), expected));
  }
});

suite("a bad setting is refused with a sentence that holds the flag and the value", () => {
  const rows: [flag: string, value: string, read: (value: string) => unknown][] = [];
  for (const value of ["", "-1", "65089", "8000x", "1e3", " 80", "0x50", "NaN"]) {
    rows.push(["--port", value, (text) => parsePort(text, 4)]);
  }
  for (const value of ["", "example.com", "127.0.0.1:80", "256.1.1.1", "[::1", "::1]"]) {
    rows.push(["--host", value, parseHosts]);
  }
  for (const value of ["", "0", "-1", "soon", "Infinity", "86401"]) {
    rows.push(["--token-lifetime", value, parseLifetime]);
  }
  for (const value of ["", "io", "nip.io.", ".nip.io", "NIP.IO", "nip.io:53", "1.2", "-x.io"]) {
    rows.push(["--names", value, parseNames]);
  }
  for (const [flag, value, read] of rows) {
    test(`${flag} "${value}"`, () => {
      assert.throws(
        () => read(value),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.ok(error.message.includes(flag) && error.message.includes(`"${value}"`));
          return true;
        },
      );
    });
  }
});

suite("the lab answers to its own names and to addresses, and to no other name", () => {
  const rows: [header: string | undefined, expected: string | undefined][] = [
    ["localhost", "localhost"],
    ["localhost:8000", "localhost"],
    ["T1-abc.LOCALHOST:8000", "t1-abc.localhost"],
    ["127.0.0.1:8000", "127.0.0.1"],
    ["[::1]:8000", "[::1]"],
    ["192.0.2.7:8000", "192.0.2.7"],
    [undefined, undefined],
    ["", undefined],
    ["www.t1-abc.example.com:8000", "www.t1-abc.example.com"],
    ["ws.t1-abc.example.net", "ws.t1-abc.example.net"],
    ["www.t1-abc.example.org", "www.t1-abc.example.org"],
    ["sibling.t1-abc.example.com", "sibling.t1-abc.example.com"],
    ["other.t1-abc.example.org", undefined],
    ["www.t1-abc.example.edu", undefined],
    ["www.t1-abc.example.com.evil.test", undefined],
    ["t1.example.com", undefined],
    ["example.com", undefined],
    ["localhost.example.com", undefined],
    ["evillocalhost", undefined],
    ["localhost:8000@example.com", undefined],
    ["local host", undefined],
    ["localhost/x", undefined],
    ["127.0.0.1.example.com", undefined],
    ["[::1", undefined],
    ["localhost:123456", undefined],
  ];
  for (const [header, expected] of rows) {
    test(`Host: ${header} -> ${expected}`, () => assert.equal(knownHost(header), expected));
  }
});

suite("a name that holds an address is known where the address is this machine's", () => {
  const ours = createKnownHost("nip.io", () => ["192.0.2.7", "127.0.0.1"]);
  const walk = "0123456789abcdef";
  const rows: readonly [name: string, isKnown: boolean][] = [
    [`t0-${walk}.192-0-2-7.nip.io`, true],
    [`t12-${walk}.192-0-2-7.nip.io:8000`, true],
    [`T0-${walk}.192-0-2-7.NIP.IO`, true],
    [`www.${walk}.192-0-2-7.nip.io`, true],
    [`t0-${walk}.127-0-0-1.nip.io`, true],
    ["evil.com", false],
    [`t0-${walk}.10-0-0-1.nip.io`, false],
    [`t0-${walk}.192-0-2-8.nip.io`, false],
    [`t0-${walk}.192-0-2-7.sslip.io`, false],
    ["1-2-3-4.nip.io.evil.com", false],
    [`t0-${walk}.192-0-2-7.nip.io.evil.com`, false],
    [`t0-${walk}.192-0-2-7.evilnip.io`, false],
    [`t0-${walk}.192-0-2-7.evil.nip.io`, false],
    // Services that read the first address in a name would lead these elsewhere.
    ["6-6-6-6.192-0-2-7.nip.io", false],
    [`6-6-6-6.t0-${walk}.192-0-2-7.nip.io`, false],
    [`t0-${walk}.6-6-6-6.192-0-2-7.nip.io`, false],
    [`t0-${walk}.6-6-6-6-192-0-2-7.nip.io`, false],
    [`t0-${walk}.192-0-2-7-6-6-6-6.nip.io`, false],
    [`t0-${walk}-192-0-2-7.nip.io`, false],
    [`t0-${walk}.192.0.2.7.nip.io`, false],
    [`t0-${walk}.c0000207.nip.io`, false],
    [`t0-${walk}.192-0-2-07.nip.io`, false],
    ["evil.192-0-2-7.nip.io", false],
    ["192-0-2-7.nip.io", false],
    ["nip.io", false],
    [`t0-${walk}.192-0-2-7.nip.io.`, false],
    [`t0-${walk}.192-0-2-7.nip.io/`, false],
  ];
  for (const [name, isKnown] of rows) {
    test(`Host: ${name} is ${isKnown ? "known" : "unknown"}`, () => {
      assert.equal(ours(name) !== undefined, isKnown);
    });
    test(`Host: ${name} is unknown without a DNS service`, () => {
      assert.equal(knownHost(name), undefined);
    });
  }

  test("this machine's addresses are asked for anew, for they change", () => {
    const addresses: string[] = [];
    const changing = createKnownHost("nip.io", () => addresses);
    const name = `t0-${walk}.192-0-2-7.nip.io`;
    assert.equal(changing(name), undefined);
    addresses.push("192.0.2.7");
    assert.equal(changing(name), name);
  });
});
