/** A change without an end, from a crash or a lost power supply: it stands until it is finished or rolled back. */
import { Button } from "@mantine/core";
import { IconHistory, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { go } from "../../../app/navigation";
import { unsettledQuery } from "../../../ipc/queries/changes";
import { Banner } from "../../../shared/Banner";
import { counted, formatClock, formatCount, formatDay } from "../../../shared/format";
import { IconButton } from "../../../shared/IconButton";
import { askToFinish, askToRollBack } from "../running/undo";
import { kindName } from "../running/words";

/** `inJournal`: what it leads to is on screen already. */
export function InterruptedBanner({ inJournal = false }: { inJournal?: boolean }) {
  const { data } = useQuery(unsettledQuery);
  const [away, setAway] = useState<string | null>(null);
  const first = data?.interrupted[0];
  if (first === undefined || first.id === away) return null;
  const total = data?.interruptedTotal ?? 1;
  const many = total > 1;
  return (
    <Banner
      icon={IconHistory}
      action={
        <>
          {inJournal ? null : (
            <Button size="xs" onClick={() => go({ page: "journal", id: first.id })}>
              See the steps
            </Button>
          )}
          <Button size="xs" onClick={() => askToFinish(first)}>
            Finish it
          </Button>
          <Button size="xs" onClick={() => askToRollBack(first)}>
            Roll back
          </Button>
          <IconButton small icon={IconX} label="Put away" onClick={() => setAway(first.id)} />
        </>
      }
    >
      <b>
        {many
          ? `${counted(total, "change")} were interrupted.`
          : `${article(kindName(first.kind))} was interrupted on ${formatDay(first.started)}, ${formatClock(first.started)}.`}
      </b>{" "}
      {many ? "The last: " : ""}
      {first.repositories[0]}, {formatCount(first.done.steps)} of {counted(first.planned.steps, "step")} done.
      {inJournal ? "" : " The journal has everything."}
    </Banner>
  );
}

function article(noun: string): string {
  return `${/^[AEIOU]/.test(noun) ? "An" : "A"} ${noun.toLowerCase()}`;
}
