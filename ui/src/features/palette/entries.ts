/** What the palette offers: tags, actions on the first of them, repositories, actions of the window. Pure. */
import type { SearchHit } from "../../ipc";
import { type ActionId, actions } from "../../shared/keys";

export type Entry =
  | { kind: "tag"; id: string; hit: SearchHit }
  | { kind: "repository"; id: string; hit: SearchHit }
  | { kind: "promote"; id: string; hit: SearchHit; label: string }
  | { kind: "copy"; id: string; hit: SearchHit; label: string }
  | { kind: "pull"; id: string; hit: SearchHit; label: string }
  | { kind: "page"; id: string; hit: SearchHit; label: string }
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
