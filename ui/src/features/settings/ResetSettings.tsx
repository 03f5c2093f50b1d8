/** Asks before all settings go back to what they were at first. Cancel has the focus. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { defaultSettings, type Problem, toProblem } from "../../ipc";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import type { Save } from "./useSaveSettings";

interface ResetSettingsProps {
  opened: boolean;
  onClose: () => void;
  onReset: Save;
}

export function ResetSettings({ opened, onClose, onReset }: ResetSettingsProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const reset = async () => {
    try {
      onReset(await defaultSettings());
      onClose();
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <Dialog opened={opened} onClose={onClose} title="Reset the settings" size={460}>
      {problem ? <ProblemStrip problem={problem} /> : null}
      <p className={dialog.lead}>
        Everything on this page goes back to what it was at first, channels, protected tags and keys too. Connections, logins, pinned
        repositories and the index stay.
      </p>
      <div className={dialog.actions}>
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button className={text.danger} onClick={() => void reset()}>
          Reset all settings
        </Button>
      </div>
    </Dialog>
  );
}
