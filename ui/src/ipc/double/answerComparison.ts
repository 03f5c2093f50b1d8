/** Versions beside each other in the double's world, as the program compares them: from what is known of each. */
import type { ComparedValues, ComparedVersion, Comparison, VersionAt, VersionDetail } from "../bindings";
import { versionDetail } from "./answerDetail";
import { versionsOf } from "./answerVersions";
import { problem } from "./operation";
import type { World } from "./world";

interface Read {
  at: VersionAt;
  detail: VersionDetail;
  connectionName: string;
}

export function compare(world: World, { versions, reference }: { versions: VersionAt[]; reference: number }): Comparison {
  if (versions.length < 2 || versions.length > 8) {
    const what = versions.length < 2 ? "one version alone" : "so many versions";
    throw problem("invalidInput", `${what} cannot be compared`, "name two to 8 versions");
  }
  const plain = versions.map((at) => read(world, { ...at, platform: null }));
  const lists = plain.map(({ detail }) => detail.platforms.map((one) => one.platform)).filter((names) => names.length > 0);
  const common = (lists[0] ?? []).filter((name) => lists.every((names) => names.includes(name)));
  const all = versions.map((at, place) => {
    const own = plain[place]?.detail.platforms.map((one) => one.platform) ?? [];
    if (at.platform !== null && !own.includes(at.platform))
      throw problem("notFound", `there is no ${at.platform} in this version`, `its platforms: ${own.join(", ")}`);
    return read(world, { ...at, platform: at.platform ?? own.find((name) => name === common[0]) ?? null });
  });
  const from = reference < all.length ? reference : 0;
  const layers = layerRows(all);
  const platforms = new Set(all.map(({ detail }) => detail.platform).filter((name) => name !== null));
  return {
    versions: all.map((one, place) => described(one, place, from, all)),
    reference: from,
    commonPlatforms: common,
    same: all.every(({ at }) => at.digest === all[0]?.at.digest),
    card: valueRows(all.map(cardOf), from),
    layers,
    history: stepRows(all),
    config: valueRows(all.map(configOf), from),
    problems:
      platforms.size < 2
        ? []
        : [`different platforms are compared: ${all.map(({ detail }) => `${detail.platform} of ${nameOf(detail)}`).join("; ")}`],
  };
}

export function comparisonMarkdown(world: World, given: { versions: VersionAt[]; reference: number }): string {
  const found = compare(world, given);
  const table = (title: string, rows: readonly { name: string; cells: readonly (string | null)[] }[]) => [
    "",
    `### ${title}`,
    "",
    `| | ${found.versions.map((version) => version.reference).join(" | ")} |`,
    `|---|${"---|".repeat(found.versions.length)}`,
    ...rows.map((row) => `| ${row.name} | ${row.cells.map((cell) => cell ?? "—").join(" | ")} |`),
  ];
  const values = (title: string, rows: readonly ComparedValues[]) =>
    table(
      title,
      rows.filter((row) => row.differs).map((row) => ({ name: row.name, cells: row.values })),
    );
  const heading = `## ${found.versions.map((version) => version.reference).join(" ↔ ")}`;
  return [heading, ...values("Model card", found.card), ...values("Configuration", found.config), ""].join("\n");
}

function read(world: World, at: VersionAt): Read {
  const connection = world.connections.find((one) => one.id === at.connectionId);
  if (connection === undefined) throw problem("notFound", "this connection was removed");
  if (!versionsOf(world, at.connectionId, at.repository).some((version) => version.row.digest === at.digest))
    throw problem("notFound", `${connection.name}/${at.repository}@${at.digest} is not in the index`, "run `berthctl sync`");
  return { at, detail: versionDetail(world, at), connectionName: connection.name };
}

function nameOf(detail: VersionDetail): string {
  return detail.tags[0]?.name ?? detail.digest.slice(7, 15);
}

function sizesOf(one: Read): Map<string, number> {
  return new Map(one.detail.layers.map((layer) => [layer.digest, layer.sizeBytes]));
}

function described(one: Read, place: number, reference: number, all: readonly Read[]): ComparedVersion {
  const { at, detail, connectionName } = one;
  const own = sizesOf(one);
  const others = new Set(all.flatMap((other, position) => (position === place ? [] : [...sizesOf(other).keys()])));
  const from = all[reference] === undefined ? own : sizesOf(all[reference]);
  const known = own.size > 0;
  const sum = (wanted: (digest: string) => boolean) =>
    known ? [...own].reduce((total, [digest, size]) => total + (wanted(digest) ? size : 0), 0) : null;
  return {
    connectionId: at.connectionId,
    connectionName,
    repository: at.repository,
    reference: `${connectionName}/${at.repository}${detail.tags[0] ? `:${detail.tags[0].name}` : `@${at.digest}`}`,
    name: nameOf(detail),
    digest: at.digest,
    tags: detail.tags,
    kind: detail.kind,
    signed: detail.signed,
    platform: detail.platform ?? "any",
    platforms: detail.platforms.length === 0 ? ["any"] : detail.platforms.map((platform) => platform.platform),
    created: detail.created,
    sizeBytes: sum(() => true),
    toPullBytes: sum((digest) => !from.has(digest)),
    sharedBytes: sum((digest) => from.has(digest)),
    ownBytes: sum((digest) => !others.has(digest)),
  };
}

/** Layers of the same name stand beside each other. */
function layerRows(all: readonly Read[]): Comparison["layers"] {
  const names = [...new Set(all.flatMap((one) => one.detail.layers.map((layer) => layer.name)))];
  return names.map((name) => {
    const layers = all.map((one) => {
      const found = one.detail.layers.find((layer) => layer.name === name);
      return found === undefined ? null : { digest: found.digest, sizeBytes: found.sizeBytes, name };
    });
    return { name, layers, differs: layers.some((layer) => layer?.digest !== layers[0]?.digest) };
  });
}

function stepRows(all: readonly Read[]): Comparison["history"] {
  const columns = all.map(({ detail }) => detail.history.map((step) => step.createdBy));
  const longest = Math.max(0, ...columns.map((column) => column.length));
  return Array.from({ length: longest }, (_, place) => {
    const steps = columns.map((column) => column[place] ?? null);
    return { steps, differs: steps.some((step) => step !== steps[0]) };
  });
}

type Fields = Map<string, { name: string; value: string }>;

function cardOf({ detail: { card } }: Read): Fields {
  const fields: Fields = new Map(
    card.metrics.map((metric) => [`metrics.${metric.name}`, { name: metric.name, value: String(metric.value) }]),
  );
  const stated = { format: card.format, architecture: card.architecture, parameters: card.parameters, precision: card.precision };
  const facts: Record<string, string | null> = {
    name: card.name,
    version: card.version,
    ...stated,
    dataset: card.dataset,
    framework: card.framework,
    source: card.source,
    revision: card.revision,
    licenses: card.licenses.join(", ") || null,
    authors: card.authors.join(", ") || null,
  };
  for (const [path, value] of Object.entries(facts)) {
    if (value !== null) fields.set(path, { name: path[0]?.toUpperCase() + path.slice(1), value });
  }
  return fields;
}

function configOf({ detail }: Read): Fields {
  const { config, labels, annotations } = detail;
  const fields: Fields = new Map();
  const put = (path: string, name: string, value: string) => fields.set(path, { name, value });
  for (const { name, value } of config?.environment ?? []) put(`config.Env.${name}`, `Env ${name}`, value);
  if (config && config.command.length > 0) put("config.Cmd", "Cmd", config.command.join(" "));
  if (config?.user) put("config.User", "User", config.user);
  if (config?.workingDirectory) put("config.WorkingDir", "WorkingDir", config.workingDirectory);
  for (const port of config?.ports ?? []) put(`config.ExposedPorts.${port}`, `Port ${port}`, "yes");
  for (const { key, value } of labels) put(`config.Labels.${key}`, `Label ${key}`, value);
  for (const { key, value } of annotations) put(`annotations.${key}`, `Annotation ${key}`, value);
  return fields;
}

function valueRows(columns: readonly Fields[], reference: number): ComparedValues[] {
  const paths = [...new Set(columns.flatMap((fields) => [...fields.keys()]))];
  return paths.map((path) => {
    const values = columns.map((fields) => fields.get(path)?.value ?? null);
    return {
      path,
      name: columns.map((fields) => fields.get(path)?.name).find((name) => name !== undefined) ?? path,
      values,
      differences: values.map((value) => signedDifference(values[reference] ?? null, value)),
      differs: values.some((value) => value !== values[0]),
    };
  });
}

const quantity = /^(-?\d+(?:\.(\d+))?)(\D{0,5})$/;

/** `+0.006`, `−1.5 M`; null where these are no two numbers of one unit, or the same ones. */
function signedDifference(from: string | null, to: string | null): string | null {
  const [one, other] = [quantity.exec(from ?? ""), quantity.exec(to ?? "")];
  if (one === null || other === null || one[3] !== other[3] || from === to) return null;
  const digits = Math.max(one[2]?.length ?? 0, other[2]?.length ?? 0);
  const difference = Number(other[1]) - Number(one[1]);
  return `${difference < 0 ? "\u2212" : "+"}${Number(Math.abs(difference).toFixed(digits))}${other[3]}`;
}
