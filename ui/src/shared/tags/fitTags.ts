/** How many tags of a version stand in a given width; the rest become `+N`. */
import type { TagLabel } from "../../ipc";
import { textWidth } from "../textWidth";

const gap = 4;
const moreWidth = 28;
/** The lock of a protected tag, with the gap before it. */
const markWidth = 14;
const firstFont = "500 13px";
const chipFont = "500 11.5px";

function tagWidth(tag: TagLabel, first: boolean): number {
  const mark = tag.protected ? markWidth : 0;
  if (tag.channel !== null) return textWidth(tag.name, chipFont) + 21 + mark;
  return textWidth(tag.name, first ? firstFont : chipFont) + 10 + mark;
}

/** The tags that fit, in their order, and those that do not. The first always stands, cut if it must be. */
export function fitTags(tags: readonly TagLabel[], width: number): { shown: TagLabel[]; more: TagLabel[] } {
  if (tags.length < 2) return { shown: [...tags], more: [] };
  let used = 0;
  let count = 0;
  for (const [position, tag] of tags.entries()) {
    used += tagWidth(tag, position === 0) + (position === 0 ? 0 : gap);
    const reserve = position === tags.length - 1 ? 0 : moreWidth + gap;
    if (position > 0 && used + reserve > width) break;
    count = position + 1;
  }
  return { shown: tags.slice(0, count), more: tags.slice(count) };
}
