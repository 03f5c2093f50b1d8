/** While layers are read: how much of how much, how fast, and a way to stop. */
import { Button, Kbd, Progress as ProgressBar } from "@mantine/core";
import { formatClock, paceWords, useFormat } from "../../shared/format";
import text from "../../shared/text.module.css";
import classes from "./FilesView.module.css";
import type { Reading } from "./useReading";

export function FilesReading({ reading, onCancel }: { reading: Reading; onCancel: () => void }) {
  const { bytes } = useFormat();
  const { done, total, pace, waiting, step } = reading;
  const facts = [total === null ? `${bytes(done)} read` : `${bytes(done)} of ${bytes(total)} read`, paceWords(pace, bytes)].filter(
    (fact) => fact !== "",
  );
  return (
    <div className={classes.reading}>
      <div className={text.row}>
        <b className={text.strong}>Reading the files</b>
        <span className={`${text.middle} ${text.cut}`}>
          {waiting ? `${waiting.host} asks to wait, goes on at ${formatClock(waiting.until)}` : (step ?? "")}
        </span>
        <span className={text.grow} />
        <span className={`${text.middle} ${text.number}`}>{facts.join(" · ")}</span>
        <Button size="xs" rightSection={<Kbd>Esc</Kbd>} onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar
        value={total === null || total === 0 ? 0 : (done / total) * 100}
        aria-label="Reading the files"
        className={classes.progress}
      />
    </div>
  );
}
