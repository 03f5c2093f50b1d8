/** The files of a version as the picture has them: folders with their sums, whiteouts, and many small files where the picture says "more". */
import type { FileNode, FilesOptions, FilesSummary, IcicleNode, LayerSegment, Page } from "../bindings";
import { versionDetail } from "./answerDetail";
import { ago, day } from "./clock";
import { defectDetector } from "./data/versions";
import type { World } from "./world";

/** A file or folder of the picture: its megabytes, its files, the layer that wrote it (by its number), and what is in it. */
interface Drawn {
  name: string;
  megabytes: number;
  files?: number;
  layer?: number;
  kind?: FileNode["kind"];
  hidden?: boolean;
  inside?: Drawn[];
  /** The rest of the folder: so many small files of one layer, with so many megabytes in sum. */
  rest?: { count: number; megabytes: number; layer: number };
}

const gone = { kind: "whiteout", hidden: true, layer: 5 } as const;

const drawn: Drawn[] = [
  {
    name: "usr",
    megabytes: 4750,
    files: 27_679,
    rest: { count: 9, megabytes: 52.1, layer: 0 },
    inside: [
      {
        name: "local",
        megabytes: 3540,
        files: 24_077,
        rest: { count: 7, megabytes: 0.614, layer: 3 },
        inside: [
          {
            name: "lib/python3.11",
            megabytes: 2090,
            files: 23_972,
            rest: { count: 198, megabytes: 52.1, layer: 3 },
            inside: [
              {
                name: "site-packages",
                megabytes: 2030,
                files: 21_768,
                rest: { count: 61, megabytes: 108, layer: 5 },
                inside: [
                  {
                    name: "torch",
                    megabytes: 1410,
                    files: 12_018,
                    rest: { count: 40, megabytes: 38.1, layer: 4 },
                    inside: [
                      {
                        name: "lib",
                        megabytes: 1370,
                        files: 61,
                        rest: { count: 58, megabytes: 21.5, layer: 4 },
                        inside: [
                          { name: "libtorch_cuda.so", megabytes: 892, layer: 4 },
                          { name: "libtorch_cpu.so", megabytes: 428, layer: 4 },
                          { name: "libtorch_python.so", megabytes: 28.1, layer: 4 },
                        ],
                      },
                    ],
                  },
                  { name: "triton", megabytes: 209, files: 412, layer: 4, rest: { count: 412, megabytes: 209, layer: 4 } },
                  { name: "cv2", megabytes: 96.2, files: 188, layer: 5, rest: { count: 188, megabytes: 96.2, layer: 5 } },
                  { name: "scipy", megabytes: 88.2, files: 2214, layer: 5, rest: { count: 2214, megabytes: 88.2, layer: 5 } },
                  { name: "sympy", megabytes: 72.1, files: 1912, layer: 4, rest: { count: 1912, megabytes: 72.1, layer: 4 } },
                  { name: "numpy", megabytes: 52.6, files: 1204, layer: 5, rest: { count: 1204, megabytes: 52.6, layer: 5 } },
                  { name: "numpy-1.26.4.dist-info", megabytes: 1.2, ...gone },
                ],
              },
            ],
          },
          {
            name: "cuda-12.4/targets/x86_64-linux/lib",
            megabytes: 1450,
            files: 64,
            rest: { count: 58, megabytes: 128, layer: 2 },
            inside: [
              { name: "libcublasLt.so.12.4.5.8", megabytes: 442, layer: 2 },
              { name: "libcufft.so.11.2.1.3", megabytes: 279, layer: 2 },
              { name: "libcusparse.so.12.3.1.170", megabytes: 278, layer: 2 },
              { name: "libcusolver.so.11.6.1.9", megabytes: 116, layer: 2 },
              { name: "libcublas.so.12.4.5.8", megabytes: 110, layer: 2 },
              { name: "libcurand.so.10.3.5.147", megabytes: 96.5, layer: 2 },
            ],
          },
        ],
      },
      {
        name: "lib/x86_64-linux-gnu",
        megabytes: 1170,
        files: 688,
        rest: { count: 684, megabytes: 138, layer: 1 },
        inside: [
          { name: "libcudnn_engines_precompiled.so.9.1.0", megabytes: 563, layer: 2 },
          { name: "libcudnn_adv.so.9.1.0", megabytes: 241, layer: 2 },
          { name: "libLLVM-15.so.1", megabytes: 115, layer: 1 },
          { name: "libcudnn_ops.so.9.1.0", megabytes: 108, layer: 2 },
        ],
      },
    ],
  },
  {
    name: "app",
    megabytes: 192,
    files: 66,
    inside: [
      { name: "model.safetensors", megabytes: 190.44876, layer: 6 },
      { name: "src", megabytes: 1.58, files: 64, layer: 7, rest: { count: 64, megabytes: 1.58, layer: 7 } },
      { name: "serve.yaml", megabytes: 0.00211, layer: 7 },
    ],
  },
  { name: "var", megabytes: 22.8, files: 1318, layer: 0, rest: { count: 1318, megabytes: 22.8, layer: 0 } },
  { name: "etc", megabytes: 6.21, files: 418, layer: 0, rest: { count: 418, megabytes: 6.21, layer: 0 } },
  { name: "root/.cache/pip", megabytes: 61.4, ...gone },
];

const layers = defectDetector.find((version) => version.row.tags[0]?.name === "1.4.2")?.row.layers ?? [];

function layerDigest(layer: number): string {
  return layers[layer]?.digest ?? "";
}

/** Small files of decreasing size that add up to the rest of the folder. */
function restOf(folder: Drawn): Drawn[] {
  if (folder.rest === undefined) return [];
  const { count, megabytes, layer } = folder.rest;
  const weights = Array.from({ length: count }, (_, position) => 1 / (position + 6));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, position) => ({ name: `part_${position + 1}.py`, megabytes: (megabytes * weight) / whole, layer }));
}

function inside(folder: Drawn): Drawn[] {
  return [...(folder.inside ?? []), ...restOf(folder)];
}

/** A folder has what is in it and is seen. */
function megabytesOf(entry: Drawn): number {
  if (entry.inside === undefined) return entry.megabytes;
  return inside(entry)
    .filter((child) => !child.hidden)
    .reduce((sum, child) => sum + megabytesOf(child), 0);
}

const root: Drawn = { name: "", megabytes: 4980, files: 29_481, inside: drawn };

function find(path: string): Drawn | undefined {
  let folder: Drawn | undefined = root;
  let left = path;
  while (folder !== undefined && left !== "") {
    folder = inside(folder).find((candidate) => left === candidate.name || left.startsWith(`${candidate.name}/`));
    left = left.slice((folder?.name.length ?? left.length) + 1);
  }
  return folder;
}

/** Bytes by layer of all that is in a folder. */
function segments(entry: Drawn): LayerSegment[] {
  const sums = new Map<number, number>();
  const add = (one: Drawn) => {
    const children = inside(one).filter((child) => !child.hidden);
    if (children.length === 0) sums.set(one.layer ?? 0, (sums.get(one.layer ?? 0) ?? 0) + one.megabytes * 1e6);
    for (const child of children) add(child);
  };
  add(entry);
  return [...sums]
    .sort(([one], [other]) => one - other)
    .map(([layer, sizeBytes]) => ({ digest: layerDigest(layer), sizeBytes: Math.round(sizeBytes) }));
}

/** What the options leave of an entry: a match in its path, a layer that is shown, hidden ones only when asked for. */
function passes(entry: Drawn, path: string, options: FilesOptions): boolean {
  const children = inside(entry);
  if (entry.hidden && !options.whiteouts && !options.onlyHidden) return false;
  if (children.length > 0) return children.some((child) => passes(child, `${path}/${child.name}`, options));
  if (options.onlyHidden && !entry.hidden) return false;
  if (options.layers !== null && !options.layers.includes(layerDigest(entry.layer ?? 0))) return false;
  return path.toLowerCase().includes(options.text.toLowerCase());
}

export function filesSummary(world: World, named: { connectionId: string; repository: string; digest: string }): FilesSummary {
  const detail = versionDetail(world, named);
  const files = [4650, 685, 67, 2245, 14_342, 7426, 1, 65];
  const megabytes = [81.1, 253, 2360, 52.7, 1690, 345, 190.44876, 1.58];
  return {
    view: `${named.digest} files`,
    files: 29_481,
    sizeBytes: 4_980_000_000,
    layers: detail.layers.map((layer, position) => ({
      digest: layer.digest,
      name: layer.name,
      files: files[position] ?? 12,
      sizeBytes: (megabytes[position] ?? 1) * 1e6,
      packedBytes: layer.sizeBytes,
    })),
    hiddenBytes: 113_000_000,
    hiddenFiles: 1204,
    whiteouts: 2,
    readBytes: 176_000_000,
    truncated: false,
  };
}

export function fileChildren(path: string, options: FilesOptions, offset: number, limit: number): Page<FileNode> {
  const folder = find(path);
  if (folder === undefined) throw { code: "notFound", message: `There is no folder ${path}`, hint: null, retryable: false };
  const nodes = inside(folder)
    .map((entry) => ({ entry, full: path === "" ? entry.name : `${path}/${entry.name}` }))
    .filter(({ entry, full }) => passes(entry, full, options))
    .sort((one, other) => megabytesOf(other.entry) - megabytesOf(one.entry))
    .map(({ entry, full }): FileNode => {
      const isFolder = inside(entry).length > 0;
      return {
        path: full,
        name: entry.name,
        kind: entry.kind ?? (isFolder ? "directory" : "file"),
        sizeBytes: Math.round(megabytesOf(entry) * 1e6),
        files: isFolder ? (entry.files ?? 0) : 1,
        mode: isFolder ? "0755" : "0644",
        owner: full.startsWith("app") ? "app:app (1000:1000)" : "root:root",
        modified: ago(25 * day),
        linkTarget: null,
        layers: segments(entry),
        hidden: entry.hidden ?? false,
        hasChildren: isFolder,
        packedLayer: isFolder ? null : layerDigest(entry.layer ?? 0),
      };
    });
  return { total: nodes.length, items: nodes.slice(offset, offset + limit) };
}

/** Small neighbours of one layer stand together as "others". */
export function icicle(options: FilesOptions, path = "", depth = 0): IcicleNode {
  const folder = find(path) ?? root;
  const shown = (folder.inside ?? []).map((entry) => ({ entry, full: path === "" ? entry.name : `${path}/${entry.name}` }));
  const children = shown
    .filter(({ entry, full }) => !entry.hidden && passes(entry, full, options))
    .map(({ entry, full }): IcicleNode => {
      if (entry.inside !== undefined && depth < 6) return { ...icicle(options, full, depth + 1), name: entry.name };
      const layer = layerDigest(entry.layer ?? entry.rest?.layer ?? 0);
      return { path: full, name: entry.name, sizeBytes: entry.megabytes * 1e6, layer, children: [] };
    });
  if (folder.rest !== undefined && options.text === "" && options.layers === null)
    children.push({
      path: `${path}/part_1.py`,
      name: "others",
      sizeBytes: folder.rest.megabytes * 1e6,
      layer: layerDigest(folder.rest.layer),
      children: [],
    });
  const sum = children.reduce((total, child) => total + child.sizeBytes, 0);
  return {
    path,
    name: folder.name,
    sizeBytes: sum,
    layer: null,
    children,
  };
}

export const readme = `---
license: apache-2.0
---
# tiny-bert

A **small** BERT for tests: 4.4 M parameters, two layers.

| split | accuracy | f1 |
|---|---|---|
| dev | 0.861 | 0.852 |
| test | 0.857 | 0.848 |

- trained on [a public corpus](https://huggingface.co/datasets/glue)
- [never do this](javascript:alert(1)) <script>alert("raw")</script>
- ![a plot](https://tracker.example/pixel.png)

\`\`\`python
from transformers import AutoModel
model = AutoModel.from_pretrained("./tiny-bert")
\`\`\`
`;
