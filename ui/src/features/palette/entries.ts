/** What the palette offers: tags, actions on the first of them, repositories, actions of the window. Pure. */
import type { CompareRoute } from "../../app/navigation/compareRoute";
import type { SearchHit, VersionRow } from "../../ipc";
import { counted } from "../../shared/format";
import { type ActionId, actions } from "../../shared/keys";
import type { VersionAddress } from "../detail/detailQueries";

export type Entry =
  | { kind: "tag"; id: string; hit: SearchHit }
  | { kind: "repository"; id: string; hit: SearchHit }
  | { kind: "promote"; id: string; hit: SearchHit; label: string }
  | { kind: "copy"; id: string; hit: SearchHit; label: string }
  | { kind: "pull"; id: string; hit: SearchHit; label: string }
  | { kind: "page"; id: string; hit: SearchHit; label: string }
  | { kind: "compare" | "comparePrevious" | "tray"; id: string; hit: SearchHit; label: string }
  | { kind: "link"; id: string; route: CompareRoute; label: string }
  | { kind: "action"; id: string; action: ActionId; label: string };

export interface Section {
  title: string;
  entries: Entry[];
}

/** Actions that make sense from the palette; finding is what it does itself. */
const offered = actions.filter((action) => action.id !== "palette" && action.id !== "back" && action.id !== "nextPane");

const mostTags = 12;
const mostRepositories = 8;

export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** `can` tells which actions do something where the window is now. */
export function sectionsOf(
  text: string,
  hits: readonly SearchHit[],
  recent: readonly SearchHit[],
  can: (action: ActionId) => boolean = () => true,
): Section[] {
  const words = wordsOf(text);
  const matching = offered.filter((action) => can(action.id) && words.every((word) => action.label.toLowerCase().includes(word)));
  const windowActions: Entry[] = matching.map((action) => ({
    kind: "action",
    id: `action ${action.id}`,
    action: action.id,
    label: action.label,
  }));
  if (words.length === 0) {
    return filled([
      { title: "Last opened", entries: recent.map(repositoryEntry) },
      { title: "Actions", entries: windowActions },
    ]);
  }
  const tags = hits.filter((hit) => hit.kind !== "repository").slice(0, mostTags);
  const repositories = hits.filter((hit) => hit.kind === "repository").slice(0, mostRepositories);
  const [first] = tags;
  return filled([
    { title: "Tags", entries: tags.map(tagEntry) },
    first === undefined ? { title: "", entries: [] } : { title: `Actions on ${nameOf(first)}`, entries: actionsOn(first) },
    { title: "Repositories", entries: repositories.map(repositoryEntry) },
    { title: "Actions", entries: windowActions },
  ]);
}

/** What a pasted link leads to. */
export function linkSection(route: CompareRoute): Section {
  const label = `Open the comparison of ${counted(route.versions.length, "version")}`;
  return { title: "Link", entries: [{ kind: "link", id: "link", route, label }] };
}

interface Within {
  connectionId: string;
  connection: string;
  repository: string;
  rows: readonly VersionRow[];
}

/** What is offered while a version is picked: those of one repository, those found elsewhere, and repositories to look into. */
export function pickSections(
  { rows, ...place }: Within,
  hits: readonly SearchHit[],
  recent: readonly SearchHit[],
  taken: readonly VersionAddress[],
): Section[] {
  const own = rows.map((row): SearchHit => {
    const tag = row.tags[0]?.name ?? null;
    return { ...place, tag, digest: row.digest, matched: tag ?? row.digest ?? "", kind: tag === null ? "digest" : "tag" };
  });
  const elsewhere = hits.filter(
    (hit) => hit.kind !== "repository" && (hit.connectionId !== place.connectionId || hit.repository !== place.repository),
  );
  const isTaken = ({ connectionId, repository, digest }: SearchHit) =>
    taken.some((one) => one.connectionId === connectionId && one.repository === repository && one.digest === digest);
  const free = (candidates: readonly SearchHit[]) =>
    candidates
      .filter((hit) => hit.digest !== null && !isTaken(hit))
      .slice(0, mostTags)
      .map(tagEntry);
  return filled([
    { title: `Versions of ${place.repository}`, entries: free(own) },
    { title: "Elsewhere", entries: free(elsewhere) },
    {
      title: "Repositories",
      entries: [...hits.filter((hit) => hit.kind === "repository"), ...recent].slice(0, mostRepositories).map(repositoryEntry),
    },
  ]);
}

function filled(sections: Section[]): Section[] {
  return sections.filter((section) => section.entries.length > 0);
}

export function nameOf(hit: SearchHit): string {
  return hit.tag ?? hit.digest?.split(":").at(-1)?.slice(0, 12) ?? hit.repository;
}

function tagEntry(hit: SearchHit): Entry {
  return { kind: "tag", id: `tag ${hit.connectionId} ${hit.repository} ${hit.tag ?? ""} ${hit.digest ?? ""} ${hit.matched}`, hit };
}

function repositoryEntry(hit: SearchHit): Entry {
  return { kind: "repository", id: `repository ${hit.connectionId} ${hit.repository}`, hit };
}

function actionsOn(hit: SearchHit): Entry[] {
  if (hit.digest === null) return [];
  return [
    { kind: "promote", id: "promote", hit, label: `Promote ${nameOf(hit)}…` },
    { kind: "copy", id: "copy", hit, label: `Copy ${nameOf(hit)} to…` },
    { kind: "pull", id: "pull", hit, label: "Copy the pull command" },
    { kind: "page", id: "page", hit, label: `Open ${nameOf(hit)} as a page` },
    { kind: "compare", id: "compare", hit, label: `Compare ${nameOf(hit)}` },
    { kind: "comparePrevious", id: "comparePrevious", hit, label: `Compare ${nameOf(hit)} with the previous version` },
    { kind: "tray", id: "tray", hit, label: `Add ${nameOf(hit)} to the comparison` },
  ];
}

/** The text in pieces, those that match a word marked. Overlapping matches become one. */
export function marked(text: string, words: readonly string[]): { text: string; match: boolean }[] {
  const lower = text.toLowerCase();
  const hit = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) hit.fill(true, at, at + word.length);
  }
  const pieces: { text: string; match: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const match = hit[at] === true;
    const last = pieces.at(-1);
    if (last !== undefined && last.match === match) last.text += text[at];
    else pieces.push({ text: text[at] ?? "", match });
  }
  return pieces;
}
