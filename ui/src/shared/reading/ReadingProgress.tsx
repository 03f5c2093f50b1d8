/** While layers are read: how much of how much, how fast, and a way to stop. */
import { Button, Kbd, Progress as ProgressBar } from "@mantine/core";
import { formatClock, paceWords, useFormat } from "../format";
import text from "../text.module.css";
import classes from "./ReadingProgress.module.css";
import type { Reading } from "./useReading";

interface ReadingProgressProps {
  /** `Reading the files` */
  title: string;
  reading: Reading;
  onCancel: () => void;
}

export function ReadingProgress({ title, reading, onCancel }: ReadingProgressProps) {
  const { bytes } = useFormat();
  const { done, total, pace, waiting, step } = reading;
  const facts = [total === null ? `${bytes(done)} read` : `${bytes(done)} of ${bytes(total)} read`, paceWords(pace, bytes)].filter(
    (fact) => fact !== "",
  );
  return (
    <div className={classes.reading}>
      <div className={text.row}>
        <b className={text.strong}>{title}</b>
        <span className={`${text.middle} ${text.cut}`}>
          {waiting ? `${waiting.host} asks to wait, goes on at ${formatClock(waiting.until)}` : (step ?? "")}
        </span>
        <span className={text.grow} />
        <span className={`${text.middle} ${text.number}`}>{facts.join(" · ")}</span>
        <Button size="xs" rightSection={<Kbd>Esc</Kbd>} onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar value={total === null || total === 0 ? 0 : (done / total) * 100} aria-label={title} className={classes.progress} />
    </div>
  );
}
