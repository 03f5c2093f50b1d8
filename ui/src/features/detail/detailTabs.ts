/** The tabs of a version, in the order of their keys 1 to 6. */
export const detailTabs = ["overview", "files", "history", "config", "referrers", "json"] as const;
export type DetailTab = (typeof detailTabs)[number];

export const tabLabels: Record<DetailTab, string> = {
  overview: "Overview",
  files: "Files",
  history: "History",
  config: "Config",
  referrers: "Referrers",
  json: "JSON",
};

/** A tab named in an address; anything else is the overview. */
export function detailTab(name: string): DetailTab {
  return detailTabs.find((tab) => tab === name) ?? "overview";
}
