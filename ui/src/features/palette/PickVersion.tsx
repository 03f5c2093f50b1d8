/** The palette while it picks a version: those of one repository first, and what is found anywhere. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { connectionsQuery } from "../../ipc/queries/connections";
import { searchQuery } from "../../ipc/queries/search";
import { versionsPageQuery } from "../../ipc/queries/versions";
import type { LastOpened } from "../sidebar/lastOpened";
import { initialView, noFilter, queryOf } from "../versions/viewState";
import { type Entry, pickSections } from "./entries";
import { PaletteFrame } from "./PaletteFrame";
import { closePalette, type Pick } from "./paletteStore";

export function PickVersion({ pick, recent }: { pick: Pick; recent: readonly LastOpened[] }) {
  const [text, setText] = useState("");
  const [within, setWithin] = useState(pick.within);
  const words = text.trim();
  const found = useQuery(searchQuery(words));
  const { connectionId, repository } = within ?? { connectionId: "", repository: "" };
  const query = queryOf(connectionId, repository, { ...initialView, filter: { ...noFilter, text: words } });
  const versions = useQuery({ ...versionsPageQuery(query, 0), enabled: within !== null });
  const connection = useQuery(connectionsQuery).data?.find((one) => one.id === connectionId)?.name ?? connectionId;
  const rows = versions.data?.rows;
  const hits = words === "" ? undefined : found.data?.hits;
  const sections = useMemo(
    () => pickSections({ connectionId, connection, repository, rows: rows ?? [] }, hits ?? [], words === "" ? recent : [], pick.taken),
    [connectionId, connection, repository, rows, hits, words, recent, pick.taken],
  );
  const choose = (entry: Entry) => {
    if (entry.kind === "repository") {
      setWithin(entry.hit);
      setText("");
    } else if (entry.kind === "tag" && entry.hit.digest !== null) {
      closePalette();
      pick.onPick({ connectionId: entry.hit.connectionId, repository: entry.hit.repository, digest: entry.hit.digest });
    }
  };
  return (
    <PaletteFrame
      label="Find a version to add"
      text={text}
      onText={setText}
      sections={sections}
      settled={found.isFetched && !versions.isPending}
      verb="add"
      status=""
      onEntry={choose}
    />
  );
}
