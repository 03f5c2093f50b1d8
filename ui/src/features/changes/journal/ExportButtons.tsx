/** What the filters show as an audit log, in a file that the person picks. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { exportJournal, type JournalFormat, type JournalQuery, toProblem } from "../../../ipc";
import { Icon } from "../../../shared/Icon";

const forms: readonly { format: JournalFormat; label: string }[] = [
  { format: "csv", label: "Export CSV" },
  { format: "json", label: "Export JSON" },
];

export function ExportButtons({ query, disabled }: { query: JournalQuery; disabled: boolean }) {
  const [running, setRunning] = useState<JournalFormat | null>(null);
  const write = async (format: JournalFormat) => {
    setRunning(format);
    try {
      const path = await exportJournal(query, format, "Export the journal");
      if (path !== null) notifications.show({ message: `Wrote ${path}` });
    } catch (error) {
      const { message, hint } = toProblem(error);
      notifications.show({ title: message, message: hint ?? "The journal itself did not change." });
    } finally {
      setRunning(null);
    }
  };
  return forms.map(({ format, label }) => (
    <Button
      key={format}
      size="xs"
      loading={running === format}
      disabled={disabled || running !== null}
      title="Every step of the changes that are shown: time, login, host, action, tags, digest, outcome"
      leftSection={<Icon of={IconDownload} size="small" />}
      onClick={() => void write(format)}
    >
      {label}
    </Button>
  ));
}
