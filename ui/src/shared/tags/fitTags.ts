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

/** The tags that fit, in their order, and those that do not. The first always stands, cut if it must be. A name goes before a lock. */
export function fitTags(tags: readonly TagLabel[], width: number): { shown: TagLabel[]; more: TagLabel[] } {
  const plain = tags.map((tag) => (tag.protected ? { ...tag, protected: false } : tag));
  const count = fitting(plain, width);
  const shown = fitting(tags, width) === count ? tags : plain;
  return { shown: shown.slice(0, count), more: tags.slice(count) };
}

function fitting(tags: readonly TagLabel[], width: number): number {
  if (tags.length < 2) return tags.length;
  let used = 0;
  let count = 0;
  for (const [position, tag] of tags.entries()) {
    used += tagWidth(tag, position === 0) + (position === 0 ? 0 : gap);
    const reserve = position === tags.length - 1 ? 0 : moreWidth + gap;
    if (position > 0 && used + reserve > width) break;
    count = position + 1;
  }
  return count;
}
