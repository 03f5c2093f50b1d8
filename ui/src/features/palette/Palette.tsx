/** The palette: finds any repository, tag, digest or action; the index answers. */
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { toProblem } from "../../ipc";
import { connectionsQuery } from "../../ipc/queries/connections";
import { searchQuery } from "../../ipc/queries/search";
import { formatCount } from "../../shared/format";
import { useCanRun } from "../../shared/keys";
import { routeOfLink } from "../compare/link";
import type { LastOpened } from "../sidebar/lastOpened";
import { type Entry, linkSection, sectionsOf } from "./entries";
import { PaletteFrame } from "./PaletteFrame";
import { PickVersion } from "./PickVersion";
import { closePalette, usePaletteState } from "./paletteStore";

interface PaletteProps {
  recent: readonly LastOpened[];
  onEntry: (entry: Entry) => void;
}

export function Palette(props: PaletteProps) {
  const { opened, text, pick } = usePaletteState();
  return (
    <Modal.Root opened={opened} onClose={closePalette} size={600} yOffset={80} centered={false} padding={0} returnFocus={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={pick === null ? "Command palette" : "Add a version"}>
        {!opened ? null : pick === null ? <PaletteBody {...props} initial={text} /> : <PickVersion pick={pick} recent={props.recent} />}
      </Modal.Content>
    </Modal.Root>
  );
}

function PaletteBody({ recent, onEntry, initial }: PaletteProps & { initial: string }) {
  const can = useCanRun();
  const [text, setText] = useState(initial);
  const connections = useQuery(connectionsQuery).data;
  const link = useMemo(() => routeOfLink(text, connections ?? []), [text, connections]);
  const answer = useQuery({ ...searchQuery(text.trim()), enabled: text.trim() !== "" && link === null });
  const hits = text.trim() === "" || link !== null ? undefined : answer.data;
  const sections = useMemo(
    () => (link === null ? sectionsOf(text, hits?.hits ?? [], recent, can) : [linkSection(link)]),
    [link, text, hits, recent, can],
  );
  return (
    <PaletteFrame
      label="Find a tag, repository or action"
      text={text}
      onText={setText}
      sections={sections}
      settled={answer.isFetched}
      verb="open"
      status={
        answer.error
          ? toProblem(answer.error).message
          : hits
            ? `${formatCount(hits.hits.length)} found in ${formatCount(hits.milliseconds)} ms`
            : ""
      }
      onEntry={(entry) => {
        closePalette();
        onEntry(entry);
      }}
    />
  );
}
