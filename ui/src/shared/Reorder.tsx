/** Rows that are put in order: by dragging them, or with the arrows on their handle. */
import { IconGripVertical } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { Icon } from "./Icon";
import classes from "./Reorder.module.css";

/** `move` puts the row of this id at this place. */
export function useReorder(move: (id: string, to: number) => void) {
  const [dragged, setDragged] = useState<string | null>(null);
  return {
    /** What the row at this place takes. */
    rowProps: (id: string, position: number) => ({
      "data-dragged": dragged === id || undefined,
      onDragOver: (event: DragEvent) => {
        event.preventDefault();
        if (dragged !== null && dragged !== id) move(dragged, position);
      },
    }),
    handleProps: (id: string, position: number) => ({
      onDrag: (starts: boolean) => setDragged(starts ? id : null),
      onStep: (step: number) => move(id, position + step),
    }),
  };
}

interface ReorderHandleProps {
  /** What is moved. */
  name: string;
  onDrag: (starts: boolean) => void;
  onStep: (step: number) => void;
}

export function ReorderHandle({ name, onDrag, onStep }: ReorderHandleProps) {
  return (
    <button
      type="button"
      draggable
      className={classes.handle}
      aria-label={`Move ${name}: arrow up or down`}
      onDragStart={() => onDrag(true)}
      onDragEnd={() => onDrag(false)}
      onKeyDown={(event) => {
        const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
        if (step === 0) return;
        event.preventDefault();
        onStep(step);
      }}
    >
      <Icon of={IconGripVertical} size="smallest" />
    </button>
  );
}
