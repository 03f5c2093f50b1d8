/** README, licence and other documents inside a model artifact; one opens in a dialog. */
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import type { DocumentEntry, VersionDetail } from "../../ipc";
import { useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import { DocumentDialog } from "../documents/DocumentDialog";
import type { VersionAddress } from "./detailQueries";
import classes from "./Overview.module.css";
import { RowList } from "./RowList";
import { Section } from "./Section";

export function DocumentsSection({ address, detail }: { address: VersionAddress; detail: VersionDetail }) {
  const { bytes } = useFormat();
  const [opened, setOpened] = useState<DocumentEntry | null>(null);
  if (detail.documents.length === 0) return null;
  return (
    <Section title="Documents">
      <RowList
        label="Documents"
        items={detail.documents}
        keyOf={(entry) => entry.digest}
        titleOf={(entry) => entry.title}
        onAct={setOpened}
      >
        {(entry) => (
          <>
            <Icon of={IconFileText} size="small" className={text.dim} />
            <span className={`${text.grow} ${text.cut} ${classes.documentTitle}`}>{entry.title}</span>
            <span className={`${text.number} ${text.middle}`}>{bytes(entry.sizeBytes)}</span>
          </>
        )}
      </RowList>
      <DocumentDialog address={address} entry={opened} onClose={() => setOpened(null)} />
    </Section>
  );
}
