/** What registries may hold although nobody would draw it: markup in names, very long names, tags that cannot be read, no tags at all. */
import type { ConnectionInfo, RepositoryRow, TagLabel } from "../../bindings";
import { ago } from "../clock";
import { digestOf } from "../random";
import { connection } from "./connections";
import { type KeptVersion, layer, tagLabel } from "./versions";

export const oddConnection: ConnectionInfo = connection({
  id: "odd",
  name: '<b onclick="alert(1)">Markup</b> & a very long name of a connection that nobody can read to its end',
  location: "odd.example:5000/some/very/long/prefix",
  provider: "other",
  plainHttp: true,
  tags: 9,
});

const longName = `${"deeply/nested/".repeat(6)}repository-with-a-name-that-does-not-end-before-the-pane-does`;

export const oddRepositories: RepositoryRow[] = ["odd/names", longName, "odd/<script>alert(1)</script>"].map((name) => ({
  name,
  tags: 9,
  versions: 8,
  sizeBytes: null,
  updated: null,
  pinned: false,
  problem: null,
}));

function version(name: string, tags: TagLabel[], part: Partial<KeptVersion["row"]> = {}): KeptVersion {
  const layers = [layer(`${name} base`, 30e6), layer(`${name} weights`, 400e6)];
  const digest = digestOf(name);
  return {
    row: {
      digest,
      shortDigest: digest.slice(7, 15),
      tags,
      kind: "image",
      kindLabel: "Image",
      sizeBytes: 430e6,
      sizeCounts: "compressed, linux/amd64",
      layers,
      layerCount: layers.length,
      created: ago(600),
      pushed: null,
      platforms: ["linux/amd64"],
      signed: false,
      group: "scheme",
      problem: null,
      pending: false,
      ...part,
    },
    metrics: { "<i>score</i>": 12345.678901, a_metric_with_a_very_long_name_indeed: null },
    labels: { "<u>label</u>": "<img src=x onerror=alert(1)>" },
  };
}

const unread = { sizeBytes: null, layers: [], layerCount: 0, created: null, platforms: [], sizeCounts: "" };

export const oddVersions: KeptVersion[] = [
  version("markup", [tagLabel("<img src=x onerror=alert(1)>"), tagLabel("</script><script>")]),
  version("long", [tagLabel(`1.0.0-${"x".repeat(120)}`), tagLabel("production", "full"), tagLabel("short")]),
  version(
    "many",
    Array.from({ length: 40 }, (_, position) => tagLabel(`alias-${position}`)),
  ),
  version("unread", [tagLabel("2.0.0")], {
    ...unread,
    problem: {
      code: "invalidAnswer",
      message: "The manifest is not JSON",
      hint: "The registry answered with a page of HTML.",
      retryable: true,
    },
  }),
  version("pending", [tagLabel("2.1.0")], { ...unread, pending: true }),
  version("unknown", [tagLabel("blob")], {
    kind: "other",
    kindLabel: "application/vnd.example.something+json",
    sizeBytes: null,
    sizeCounts: "The manifest does not tell sizes",
    layers: [],
    created: null,
    platforms: [],
  }),
  version("untagged", [], { group: "other" }),
  version("platforms", [tagLabel("everywhere")], {
    group: "other",
    platforms: ["linux/amd64", "linux/arm64/v8", "linux/arm/v7", "linux/ppc64le", "linux/riscv64", "linux/s390x", "windows/amd64"],
  }),
];
