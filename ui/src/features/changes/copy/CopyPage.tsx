/** A version on its way to another repository: where to and what travels, what that means, and how far it is. */
import { IconArrowRight, IconRouteOff } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Toolbar } from "../../../app/Toolbar";
import type { ConnectionInfo, Settings } from "../../../ipc";
import { EmptyState } from "../../../shared/EmptyState";
import { counted } from "../../../shared/format";
import { useEscape } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import { type VersionAddress, versionDetailQuery } from "../../detail/detailQueries";
import { Aside } from "../plan/Aside";
import { CopyPlan } from "../plan/PlanHead";
import plan from "../plan/PlanPage.module.css";
import { CopyFoot } from "./CopyFoot";
import { CopyPane } from "./CopyPane";
import { CopyProgress } from "./CopyProgress";
import { copyModel } from "./copyModel";
import { type CopyKind, copyWords, tagsOf } from "./copyWish";
import { type CopyStage, useCopyPlan } from "./useCopyPlan";
import { useCopyWish } from "./useCopyWish";

interface CopyPageProps {
  connection: ConnectionInfo;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  address: VersionAddress;
  kind: CopyKind;
  /** The route that it goes by at first. */
  by: string | null;
  /** What the line at the foot of the window says of it. Must not change. */
  onNotes: (notes: readonly string[]) => void;
  /** Back to where one was. */
  onClose: () => void;
}

const verbs = { promote: "Promote", copy: "Copy" } as const;

export function CopyPage({ connection, connections, settings, address, kind, by, onNotes, onClose }: CopyPageProps) {
  const wanted = useCopyWish({ address, kind, connections, first: by });
  const { detail, wish, name } = wanted;
  const target = wanted.target?.name ?? "";
  const place = `copy ${address.connectionId} ${address.repository} ${address.digest}`;
  const { stage, again, execute, stop } = useCopyPlan({ place, request: wanted.request, words: copyWords(kind, name, target) });
  const { shown, model } = useCopyModel(address, detail, stage);
  const steps = stage.name === "running" ? stage.plan.steps.length : null;
  const notes = useMemo(() => notesOf(steps, model?.stepsDone ?? 0), [steps, model?.stepsDone]);
  useEffect(() => onNotes(notes), [onNotes, notes]);
  useEscape(stage.name === "running" ? stop : onClose);
  const locked = stage.name === "running" || stage.name === "ended";
  return (
    <>
      <Toolbar
        crumbs={[connection.name, ...address.repository.split("/"), `${verbs[kind]} ${name} to ${target === "" ? "…" : target}`]}
        search={false}
      >
        <span className={plan.state}>{stateWords(stage)}</span>
        {shown === null ? null : <CopyPlan plan={shown} />}
      </Toolbar>
      <main className={plan.page}>
        <Aside locked={locked} label="Where to, and what travels">
          {detail === undefined ? null : (
            <CopyPane {...wanted} detail={detail} from={{ connection, address }} {...{ connections, settings, plan: shown, locked }} />
          )}
        </Aside>
        <section className={plan.plan} aria-label="Plan" data-pane>
          {stage.name === "refused" ? (
            <ProblemStrip
              banner
              problem={stage.problem}
              still={stage.problem.hint ?? "Nothing was sent."}
              action={{ label: "Plan again", run: again }}
            />
          ) : null}
          {model === null || shown === null ? (
            <Waiting stage={stage} lost={wanted.lost ? wanted.by : null} />
          ) : (
            <CopyProgress
              model={model}
              plan={shown}
              target={target}
              repository={wish.repository}
              channels={settings.channels}
              run={stage.name === "running" ? stage.run : null}
              outcome={stage.name === "ended" ? stage.outcome : null}
            />
          )}
        </section>
        <CopyFoot
          stage={stage}
          moved={model?.moved.bytes ?? 0}
          verb={verbs[kind]}
          target={target}
          tags={tagsOf(wish)}
          onStart={(typedName) => void execute(typedName)}
          onStop={stop}
          onAgain={again}
          onClose={onClose}
        />
      </main>
    </>
  );
}

/** The plan that is shown, with its layers by their names. */
function useCopyModel(address: VersionAddress, detail: ReturnType<typeof useCopyWish>["detail"], stage: CopyStage) {
  const platforms = useMemo(() => detail?.platforms.map((one) => one.platform) ?? [], [detail]);
  const labels = useQueries({ queries: platforms.map((platform) => versionDetailQuery(address, platform)), combine: namesOf });
  const shown = "plan" in stage ? stage.plan : null;
  const parts = stage.name === "running" ? stage.run.parts : null;
  const outcome = stage.name === "ended" ? stage.outcome : null;
  const model = useMemo(
    () => (shown === null ? null : copyModel(shown, labels, platforms, { parts, outcome })),
    [shown, labels, platforms, parts, outcome],
  );
  return { shown, model };
}

function namesOf(details: readonly { data: { layers: { digest: string; name: string }[] } | undefined }[]): ReadonlyMap<string, string> {
  return new Map(details.flatMap(({ data }) => data?.layers.map((layer) => [layer.digest, layer.name] as const) ?? []));
}

/** `lost`: a route that is not there. */
function Waiting({ stage, lost }: { stage: CopyStage; lost: string | null }) {
  if (lost !== null)
    return (
      <EmptyState icon={IconRouteOff} title={`There is no route “${lost}” for this repository`}>
        Choose another at the left, or name the repository.
      </EmptyState>
    );
  if (stage.name === "asking")
    return (
      <EmptyState icon={IconArrowRight} title="Where to?">
        Choose a connection and a repository at the left. A repository that is not there yet is made.
      </EmptyState>
    );
  if (stage.name !== "planning") return <div className={plan.grow} />;
  const { step } = stage;
  return (
    <p role="status" aria-busy className={`${plan.note} ${text.dim}`}>
      Reading both repositories{step === null ? "" : `: ${counted(step.done, "manifest")} so far`}
    </p>
  );
}

function stateWords(stage: CopyStage): string {
  if (stage.name === "running") return "The plan is fixed while it runs";
  return stage.name === "ended" ? "" : "Nothing is sent yet";
}

/** `steps`: of the plan that runs. */
function notesOf(steps: number | null, done: number): readonly string[] {
  return steps === null ? [] : [`${done} of ${counted(steps, "step")} done`, "Written to the journal before each step"];
}
