/** What a plan says: that it changed or how it ended, its numbers, its rows. */
import { useMemo, useState } from "react";
import type { ChannelSetting } from "../../../ipc";
import { BackupNote } from "./BackupNote";
import { differenceOf } from "./difference";
import { DifferenceNote, EndNote, PlainNotes } from "./PlanNotes";
import classes from "./PlanPage.module.css";
import { PlanSummary } from "./PlanSummary";
import { PlanTree } from "./PlanTree";
import { endedOf, planModel } from "./planModel";
import { endedRows, planRows, type Toggled } from "./planRows";
import type { Stage } from "./usePlanStage";

interface PlanContentProps {
  stage: Stage;
  channels: readonly ChannelSetting[];
  /** The folder that what goes is copied into first; null: none. */
  backupTo: string | null;
  /** Reads again what could not be read; null: it is being done. */
  onRetry: (() => void) | null;
}

export function PlanContent({ stage, channels, backupTo, onRetry }: PlanContentProps) {
  const { plan } = stage;
  const [toggled, setToggled] = useState<Toggled>({});
  const onToggle = (key: string, open: boolean) => setToggled((before) => ({ ...before, [key]: open }));
  const shownBefore = stage.name === "checked" ? stage.check.shown : null;
  const difference = useMemo(() => (shownBefore === null || plan === null ? null : differenceOf(shownBefore, plan)), [shownBefore, plan]);
  const model = useMemo(() => (plan === null ? null : planModel(plan)), [plan]);
  const outcome = stage.name === "ended" ? stage.outcome : null;
  const rows = useMemo(() => {
    if (outcome !== null) return endedRows(endedOf(outcome), toggled);
    if (model === null || plan === null) return [];
    return planRows(plan, model, toggled, (version) => difference?.newDigests.has(version.digest) ?? false);
  }, [outcome, model, plan, toggled, difference]);
  if (plan === null || model === null) return <div className={classes.grow} aria-busy />;
  if (outcome !== null) {
    return (
      <>
        <EndNote outcome={outcome} />
        <PlanTree label="Outcome" rows={rows} channels={channels} onToggle={onToggle} onRetry={null} />
      </>
    );
  }
  return (
    <>
      {difference ? <DifferenceNote difference={difference} /> : null}
      <PlanSummary plan={plan} model={model} />
      <BackupNote plan={plan} wanted={backupTo} />
      <PlainNotes plan={plan} />
      <PlanTree label="What goes and what stays" rows={rows} channels={channels} onToggle={onToggle} onRetry={onRetry} />
    </>
  );
}
