/** What is installed in the builds of the picture's repository, and the files of it that differ: [older, present, newer] of each. */
import { sequence } from "../random";

export type Era = 0 | 1 | 2;
type Three<T> = readonly [T, T, T];

/** The Python packages of the picture that differ. */
const differing: Record<string, Three<string | null>> = {
  numpy: ["1.26.4", "2.0.2", "2.0.2"],
  onnxruntime: ["1.18.1", "1.18.1", null],
  "opencv-python-headless": ["4.10.0.82", "4.10.0.84", "4.10.0.84"],
  pillow: ["10.3.0", "10.4.0", "10.4.0"],
  torch: ["2.4.1", "2.4.1", "2.5.1"],
  torchvision: ["0.19.1", "0.19.1", "0.20.1"],
  triton: ["3.0.0", "3.0.0", "3.1.0"],
};
const alike =
  "albumentations==1.4.14 annotated-types==0.7.0 anyio==4.4.0 attrs==23.2.0 cachetools==5.4.0 cffi==1.16.0 certifi==2024.7.4 charset-normalizer==3.3.2 click==8.1.7 coloredlogs==15.0.1 contourpy==1.2.1 cryptography==43.0.0 cycler==0.12.1 einops==0.8.0 fastapi==0.112.0 filelock==3.15.4 flatbuffers==24.3.25 fonttools==4.53.1 fsspec==2024.6.1 h11==0.14.0 httpcore==1.0.5 httptools==0.6.1 httpx==0.27.0 huggingface-hub==0.24.5 humanfriendly==10.0 idna==3.7 imageio==2.34.2 jinja2==3.1.4 joblib==1.4.2 kiwisolver==1.4.5 lazy-loader==0.4 markupsafe==2.1.5 matplotlib==3.9.1 ml-dtypes==0.4.0 mpmath==1.3.0 networkx==3.3 packaging==24.1 pandas==2.2.2 prometheus-client==0.20.0 protobuf==5.27.3 psutil==6.0.0 pydantic==2.8.2 pydantic-core==2.20.1 pyparsing==3.1.2 python-dateutil==2.9.0 python-dotenv==1.0.1 python-multipart==0.0.9 pytz==2024.1 pyyaml==6.0.1 requests==2.32.3 safetensors==0.4.4 scikit-image==0.24.0 scikit-learn==1.5.1 scipy==1.14.0 setuptools==72.1.0 six==1.16.0 sniffio==1.3.1 starlette==0.37.2 structlog==24.4.0 sqlalchemy==2.0.31 sympy==1.13.1 threadpoolctl==3.5.0 tifffile==2024.7.24 tenacity==9.0.0 timm==1.0.8 tqdm==4.66.5 typing-extensions==4.12.2 tzdata==2024.1 urllib3==2.2.2 uvicorn==0.30.5 uvloop==0.19.0 watchfiles==0.22.0 websockets==12.0 wheel==0.43.0 wrapt==1.16.0 xxhash==3.4.1 yarl==1.9.4 zipp==3.19.2 zstandard==0.23.0";
const debian: Record<string, Three<string | null>> = {
  "base-files": ["12.4+deb12u6", "12.4+deb12u6", "12.4+deb12u8"],
  libssl3: ["3.0.13-1~deb12u1", "3.0.13-1~deb12u1", "3.0.15-1~deb12u1"],
  openssl: ["3.0.13-1~deb12u1", "3.0.13-1~deb12u1", "3.0.15-1~deb12u1"],
};
const debianAlike = "bash=5.2.15-2 coreutils=9.1-1 dash=0.5.12-2 dpkg=1.21.22 libbz2-1.0=1.0.8-5 libc6=2.36-9+deb12u7 libffi8=3.4.4-1";

function packages(changing: Record<string, Three<string | null>>, fixed: string, between: string) {
  const rest = fixed.split(" ").map((one): [string, Three<string | null>] => {
    const [name = "", version = ""] = one.split(between);
    return [name, [version, version, version]];
  });
  return [...Object.entries(changing), ...rest].sort(([one], [other]) => (one < other ? -1 : 1));
}

export const ecosystems = [
  { ecosystem: "python", name: "Python", packages: packages(differing, alike, "==") },
  { ecosystem: "debian", name: "Debian", packages: packages(debian, debianAlike, "=") },
];

/** What a file is in a build; `content` tells two of one size apart. */
export interface KnownFile {
  bytes: number;
  mode?: string;
  content?: string;
}

export interface FileHistory {
  path: string;
  at: Three<KnownFile | null>;
}

const site = "usr/local/lib/python3.11/site-packages";

/** What a package brings along: its record by version, and modules of it. */
function filesOf([name, versions]: [string, Three<string | null>]): FileHistory[] {
  const folder = name.replaceAll("-", "_");
  const random = sequence(name.length * 7919);
  const records = [...new Set(versions)].flatMap((version): FileHistory[] => {
    if (version === null) return [];
    const at = versions.map((one) => (one === version ? { bytes: 4_100 + name.length * 37 } : null)) as unknown as FileHistory["at"];
    return ["METADATA", "RECORD"].map((file) => ({ path: `${site}/${folder}-${version}.dist-info/${file}`, at }));
  });
  const modules = ["__init__.py", "version.py", `_core/_multiarray.cpython-311-${folder}.so`].map((file): FileHistory => {
    const sizes = new Map(versions.map((version) => [version, Math.round(1_000 + random() * (file.endsWith(".so") ? 9_000_000 : 20_000))]));
    const at = versions.map((version) => (version === null ? null : { bytes: sizes.get(version) ?? 0 })) as unknown as FileHistory["at"];
    return { path: `${site}/${folder}/${file}`, at };
  });
  return [...records, ...modules];
}

const same = (bytes: number, content: string) => ({ bytes, content });

const own: FileHistory[] = [
  { path: "app/config/thresholds.yaml", at: [same(1_214, "a"), same(1_214, "b"), same(1_214, "c")] },
  {
    path: "app/entrypoint.sh",
    at: [
      { bytes: 412, mode: "0644" },
      { bytes: 412, mode: "0755" },
      { bytes: 412, mode: "0755" },
    ],
  },
  { path: "app/serve.py", at: [{ bytes: 12_410 }, { bytes: 12_902 }, { bytes: 14_118 }] },
  { path: "app/tests/golden/line-scan-0001.png", at: [{ bytes: 88_200 }, null, null] },
  { path: "etc/ssl/certs/ca-certificates.crt", at: [{ bytes: 214_000 }, { bytes: 214_000 }, { bytes: 219_342 }] },
  { path: "models/defect-detector.safetensors", at: [same(190_412_800, "a"), same(190_412_800, "b"), { bytes: 98_211_840 }] },
  { path: "models/labels.json", at: [{ bytes: 2_140 }, { bytes: 2_140 }, { bytes: 2_618 }] },
];

export const fileHistories = [...own, ...Object.entries(differing).flatMap(filesOf)].sort((one, other) => (one.path < other.path ? -1 : 1));

/** Very many small files, for the world that is big. */
export const manyFiles = (count: number): FileHistory[] =>
  Array.from({ length: count }, (_, place) => ({
    path: `data/shards/${String(Math.floor(place / 1000)).padStart(3, "0")}/part-${String(place).padStart(6, "0")}.bin`,
    at:
      place % 3 === 0 ? [null, { bytes: 4_096 + place }, { bytes: 4_096 + place }] : [{ bytes: 2_048 }, { bytes: 2_048 + place + 1 }, null],
  }));
