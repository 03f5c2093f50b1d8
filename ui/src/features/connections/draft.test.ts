import { describe, expect, it } from "vitest";
import { createWorld } from "../../ipc/double/world";
import { type Choices, choicesOf, missing, resolve } from "./draft";

const stored = createWorld("").connections.find((connection) => connection.loginState === "stored");

function fieldsOf(changed: Partial<Choices>) {
  if (stored === undefined) throw new Error("the double has a connection with a login");
  return resolve({ ...choicesOf({ ...stored, loginMethod: "password" }), ...changed }, "other", [], []);
}

describe("a kept secret", () => {
  it("stays where it was kept for, also when the path or the name changes", () => {
    const fields = fieldsOf({ address: `${stored?.location}/deeper`, name: "Other" });
    expect(fields.secretKept).toBe(true);
    expect(missing(fields, [])).toBeNull();
  });

  it("is asked for again before it goes to another host, or anywhere without TLS", () => {
    for (const changed of [{ address: "evil.example/acme" }, { plainHttp: true }, { address: `http://${stored?.location}` }]) {
      expect(missing(fieldsOf(changed), [])?.field).toBe("secret");
    }
    expect(missing(fieldsOf({ address: "evil.example", secret: "typed again" }), [])).toBeNull();
  });
});

describe("the scheme before an address", () => {
  it("says more than the switch", () => {
    expect(fieldsOf({ address: "https://a.example", plainHttp: true }).plainHttp).toBe(false);
    expect(fieldsOf({ address: "http://a.example", plainHttp: false }).plainHttp).toBe(true);
    expect(fieldsOf({ address: "a.example", plainHttp: true }).plainHttp).toBe(true);
  });
});
