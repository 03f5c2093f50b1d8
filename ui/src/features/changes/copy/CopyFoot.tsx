/** The foot of a copy: what starting, cancelling and undoing mean, and the buttons. */
import { Button, Kbd } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Outcome } from "../../../ipc";
import { useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { displayCombination } from "../../../shared/keys";
import text from "../../../shared/text.module.css";
import plan from "../plan/PlanPage.module.css";
import { undoOutcome } from "../running/changes";
import { TypedName } from "../running/TypedName";
import { askForUndo } from "../running/undo";
import { footWords } from "./footWords";
import type { CopyStage } from "./useCopyPlan";

interface CopyFootProps {
  stage: CopyStage;
  /** Bytes that are sent. */
  moved: number;
  verb: "Promote" | "Copy";
  /** The connection's name. */
  target: string;
  tags: readonly string[];
  /** With what was typed, where the plan asks for a name. */
  onStart: (typedName: string | null) => void;
  onStop: () => void;
  onAgain: () => void;
  onClose: () => void;
}

export function CopyFoot(props: CopyFootProps) {
  const { stage, target, tags } = props;
  const [typed, setTyped] = useState("");
  const { lines } = footWords(stage, target, tags);
  const name = stage.name === "ready" ? stage.plan.typedName : null;
  return (
    <footer className={plan.foot}>
      <Icon of={IconArrowBackUp} />
      <div className={plan.words} role="status">
        {lines.map((line, position) => (
          <p key={line} className={position === 0 ? text.middle : text.dim}>
            {line}
          </p>
        ))}
      </div>
      {name === null ? null : <TypedName className={plan.typed} name={name} value={typed} onChange={setTyped} />}
      {stage.name === "running" ? (
        <WhileRunning {...props} stopping={stage.run.stopping} />
      ) : stage.name === "ended" ? (
        <AtTheEnd {...props} outcome={stage.outcome} />
      ) : (
        <BeforeStart {...props} isTyped={name === null || name === typed} typed={name === null ? null : typed} />
      )}
    </footer>
  );
}

function BeforeStart({
  stage,
  moved,
  verb,
  target,
  onStart,
  onClose,
  isTyped,
  typed,
}: CopyFootProps & { isTyped: boolean; typed: string | null }) {
  const { bytes } = useFormat();
  const ready = stage.name === "ready" ? stage.plan : null;
  const can = ready !== null && ready.steps.length > 0 && ready.requirements.every((one) => one.met) && isTyped;
  const size = moved > 0 ? `: move ${bytes(moved)}` : "";
  return (
    <>
      <Button onClick={onClose} rightSection={<Kbd>{displayCombination("Esc")}</Kbd>}>
        Cancel
      </Button>
      <Button variant="filled" disabled={!can} onClick={() => onStart(typed)}>
        {target === "" ? verb : `${verb} to ${target}${size}`}
      </Button>
    </>
  );
}

/** Cancel has the focus. */
function WhileRunning({ stopping, onStop, onClose }: CopyFootProps & { stopping: boolean }) {
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus(), []);
  return (
    <>
      <Button onClick={onClose}>Go on in the background</Button>
      <Button ref={stop} onClick={onStop} disabled={stopping} rightSection={<Kbd>{displayCombination("Esc")}</Kbd>}>
        {stopping ? "Cancelling" : "Cancel"}
      </Button>
    </>
  );
}

function AtTheEnd({ outcome, onAgain, onClose }: CopyFootProps & { outcome: Outcome }) {
  const isDone = outcome.state === "done";
  const undo = () => {
    void undoOutcome(outcome, askForUndo);
    onClose();
  };
  return (
    <>
      {outcome.journalId !== null && outcome.done.length > 0 ? (
        <Button onClick={undo}>{isDone ? "Undo" : "Undo what was done"}</Button>
      ) : null}
      {isDone ? null : <Button onClick={onAgain}>Plan the rest</Button>}
      <Button variant="filled" onClick={onClose}>
        Close
      </Button>
    </>
  );
}
