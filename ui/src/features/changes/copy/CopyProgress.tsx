/** What a copy sends, mounts and finds there, and the manifests in their order. While it runs each row tells how far it is. */
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ChannelSetting, Outcome, Plan } from "../../../ipc";
import { counted, paceWords, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import note from "../plan/PlanPage.module.css";
import type { RunningChange } from "../running/changes";
import { Requirements } from "../running/Requirements";
import { BlobTable } from "./BlobTable";
import { CopyGroup } from "./CopyGroup";
import classes from "./CopyPage.module.css";
import type { CopyModel } from "./copyModel";
import { OrderTable } from "./OrderTable";

interface CopyProgressProps {
  model: CopyModel;
  plan: Plan;
  /** The connection's name. */
  target: string;
  repository: string;
  channels: readonly ChannelSetting[];
  run: RunningChange | null;
  outcome: Outcome | null;
}

export function CopyProgress({ model, plan, target, repository, channels, run, outcome }: CopyProgressProps) {
  const { moves, mounted, skipped, order } = model;
  return (
    <>
      <Sums model={model} run={run} outcome={outcome} />
      {outcome === null || outcome.state === "done" ? null : <EndNote outcome={outcome} />}
      {plan.warnings.map((warning) => (
        <div key={warning} role="status" className={note.note} data-tone="plain">
          <Icon of={IconAlertTriangle} />
          <p>{warning}</p>
        </div>
      ))}
      {plan.requirements.length === 0 ? null : (
        <div className={classes.asked}>
          <Requirements requirements={plan.requirements} />
        </div>
      )}
      <div className={classes.groups}>
        {moves.length === 0 ? null : (
          <CopyGroup title="Moves" about="largest first; streamed through this computer, not stored">
            <BlobTable label="Moves" rows={moves} done="digest checked" head />
          </CopyGroup>
        )}
        {mounted.length === 0 ? null : (
          <CopyGroup title="Mounted" about={`${target} has it in another repository and gives it without an upload`}>
            <BlobTable label="Mounted" rows={mounted} done="mounted" />
          </CopyGroup>
        )}
        {skipped.length === 0 ? null : (
          <CopyGroup
            title="Skipped"
            about={`${counted(model.there.blobs, "blob")} ${model.there.blobs === 1 ? "is" : "are"} in ${repository} already`}
          >
            <BlobTable label="Skipped" rows={skipped} done="there" />
          </CopyGroup>
        )}
        {order.length === 0 ? (
          <p className={classes.nothing}>Everything is there already. Nothing has to be done.</p>
        ) : (
          <CopyGroup title="Then, in this order" about="each waits for all it refers to; the tag is put last">
            <OrderTable rows={order} channels={channels} />
          </CopyGroup>
        )}
      </div>
    </>
  );
}

function Sums({ model, run, outcome }: { model: CopyModel; run: RunningChange | null; outcome: Outcome | null }) {
  const { bytes } = useFormat();
  const { moved, mount, there } = model;
  const sent = outcome === null ? model.sentBytes : outcome.state === "done" ? moved.bytes : model.sentBytes;
  const all = moved.bytes + mount.bytes + there.bytes;
  return (
    <div className={`${note.sums} ${classes.sums}`}>
      <div>
        <b>{bytes(moved.bytes)} to move</b>
        <span>{counted(moved.blobs, "blob")}</span>
      </div>
      {mount.blobs === 0 ? null : (
        <div>
          <b>{bytes(mount.bytes)} mounted</b>
          <span>{counted(mount.blobs, "blob")}, nothing sent</span>
        </div>
      )}
      <div>
        <b>{bytes(there.bytes)} skipped</b>
        <span>{counted(there.blobs, "blob")}, there already</span>
      </div>
      {run === null && outcome === null ? (
        <div className={note.freed}>
          <b>&nbsp;</b>
          <span>of {bytes(all)}, compressed, each blob counted once</span>
        </div>
      ) : (
        <div className={note.freed}>
          <b>
            {bytes(sent)} of {bytes(moved.bytes)} moved{" "}
            <span className={classes.pace}>{paceWords(run?.parts.all?.pace ?? null, bytes)}</span>
          </b>
          <div
            role="progressbar"
            aria-label={`${bytes(sent)} of ${bytes(moved.bytes)}`}
            aria-valuenow={percent(sent, moved.bytes)}
            aria-valuemin={0}
            aria-valuemax={100}
            className={classes.whole}
          >
            <i style={{ width: `${percent(sent, moved.bytes)}%` }} />
          </div>
          <span>of {bytes(all)}, compressed, each blob counted once</span>
        </div>
      )}
    </div>
  );
}

function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.min(100, Math.round((done / total) * 100));
}

function EndNote({ outcome }: { outcome: Outcome }) {
  const { failed, skipped, done, state } = outcome;
  const title = state === "cancelled" ? "Cancelled." : state === "failed" ? "It failed." : "It was done in part.";
  const [first] = failed;
  return (
    <div role={failed.length > 0 ? "alert" : "status"} className={note.note} data-tone={failed.length > 0 ? "danger" : "warn"}>
      <Icon of={IconAlertTriangle} />
      <p>
        <b>{title}</b> {counted(done.length, "step")} done, {failed.length} failed, {skipped.length} skipped.{" "}
        {first === undefined ? "No tag points at anything incomplete." : `${first.message}. ${first.hint ?? ""}`}
      </p>
    </div>
  );
}
