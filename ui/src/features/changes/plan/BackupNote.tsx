/** What is copied before anything goes, and where to. */
import { IconArchive } from "@tabler/icons-react";
import type { Plan } from "../../../ipc";
import { counted, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { backupSums } from "./backup";
import classes from "./PlanPage.module.css";

/** Places that are named. */
const named = 2;

export function BackupNote({ plan, wanted }: { plan: Plan; wanted: string | null }) {
  const { bytes } = useFormat();
  if (plan.backups.length === 0 && (wanted === null || plan.steps.length === 0)) return null;
  return (
    <div role="status" className={classes.note} data-tone="plain">
      <Icon of={IconArchive} />
      <p>{plan.backups.length === 0 ? <Wanted name={wanted ?? ""} /> : <Planned plan={plan} bytes={bytes} />}</p>
    </div>
  );
}

function Wanted({ name }: { name: string }) {
  return (
    <>
      <b>All that goes is copied to {name} first.</b> How much that is, the check finds out. Every delete waits until all of it is there.
    </>
  );
}

function Planned({ plan, bytes }: { plan: Plan; bytes: (size: number) => string }) {
  const { backups } = plan;
  const sums = backupSums(plan);
  const more = backups.length - named;
  const where = `${backups.slice(0, named).join(", ")}${more > 0 ? ` and ${counted(more, "other")}` : ""}`;
  const parts = [
    sums.blobs > 0 ? `${bytes(sums.bytes)} in ${counted(sums.blobs, "blob")}` : null,
    sums.manifests > 0 ? counted(sums.manifests, "manifest") : null,
    sums.tags > 0 ? counted(sums.tags, "tag") : null,
  ].filter((part) => part !== null);
  return (
    <>
      <b title={backups.join("\n")}>First a backup to {where}:</b> {parts.join(", ")}
      {sums.blobs === 0 ? "; its blobs are there already" : ""}. Every delete waits until all of it is there.
    </>
  );
}
