import { describe, expect, it } from "vitest";
import { linkOf, routeOfLink } from "./link";

const digest = `sha256:${"80".repeat(32)}`;
const at = (connectionId: string) => ({ connectionId, repository: "vision/defect-detector", digest, platform: null });
const route = { page: "compare" as const, versions: [at("k7"), at("q2")], reference: 1 };
const mine = [
  { id: "k7", location: "ghcr.io/acme" },
  { id: "q2", location: "registry.lab.example" },
];

describe("the link of a comparison", () => {
  it("opens where the same places are connected under other ids", () => {
    const link = linkOf(route, mine);
    expect(link).toMatch(/^berth:\/\/compare\/B\/ghcr\.io%2Facme,/);
    const theirs = [
      { id: "x", location: "registry.lab.example" },
      { id: "y", location: "ghcr.io/acme" },
    ];
    expect(routeOfLink(` ${link}\n`, theirs)).toEqual({ ...route, versions: [at("y"), at("x")] });
    expect(routeOfLink(link, mine)).toEqual(route);
  });

  it("keeps the connection's own id where a place has several logins", () => {
    const twice = [...mine, { id: "k8", location: "ghcr.io/acme" }];
    expect(routeOfLink(linkOf(route, twice), twice)).toEqual(route);
  });

  it("is nothing else", () => {
    for (const text of ["", "1.4.2", "berth://", "berth://settings", "berth://compare/Z/x", "https://example.com/compare/A", "#/compare/A"])
      expect(routeOfLink(text, mine)).toBeNull();
  });
});
