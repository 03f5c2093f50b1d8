/** In place of packages and files that were not read: what reading them costs, or how far it is. */
import { Button } from "@mantine/core";
import { counted, useFormat } from "../../shared/format";
import { ReadingProgress } from "../../shared/reading";
import text from "../../shared/text.module.css";
import classes from "./Contents.module.css";
import type { Contents } from "./useContents";

export function ContentsLine({ contents }: { contents: Contents }) {
  const { bytes } = useFormat();
  const { cost, costProblem, reading, read, cancel } = contents;
  if (reading !== null && cost?.bytesToRead !== 0) {
    return <ReadingProgress title="Reading packages and files" reading={reading} onCancel={cancel} />;
  }
  if (costProblem !== null) {
    return (
      <div className={classes.line}>
        <span className={`${text.cut} ${text.middle}`} title={costProblem.hint ?? undefined}>
          Packages and files cannot be compared: {costProblem.message}
        </span>
        <Button size="xs" onClick={read}>
          Try again
        </Button>
      </div>
    );
  }
  if (cost === undefined || reading !== null) return <div className={`${classes.line} ${text.dim}`}>Comparing packages and files…</div>;
  return (
    <div className={classes.line}>
      <span className={`${text.cut} ${text.middle}`}>
        {cost.bytesToRead === 0
          ? "Nothing to read"
          : `Reads ${bytes(cost.bytesToRead)} in ${counted(cost.layersToRead, "layer")}, each once`}
      </span>
      <Button size="xs" onClick={read}>
        Read packages and files
      </Button>
    </div>
  );
}
