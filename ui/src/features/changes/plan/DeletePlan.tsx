/** What was chosen by hand: whole versions, or only tags of them. The same plan, the same checks. */
import { Button } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type ChangeRequest, type Outcome, type Plan, toProblem } from "../../../ipc";
import { previewQuery } from "../../../ipc/queries/changes";
import { EmptyState } from "../../../shared/EmptyState";
import { BackupSection } from "./BackupSection";
import { useBackup, withBackup } from "./backup";
import { ChosenPane } from "./ChosenPane";
import { type Chosen, useChosen } from "./chosen";
import { PlanBody, type PlanPlace } from "./PlanBody";

interface DeletePlanProps extends PlanPlace {
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
  onUndo: (outcome: Outcome) => void;
}

export function DeletePlan(props: DeletePlanProps) {
  const chosen = useChosen();
  const isHere = chosen?.connectionId === props.connection.id && chosen.repository === props.repository;
  return <ChosenPlan {...props} chosen={isHere ? chosen : nothingOf(props)} />;
}

/** The page was opened without a choice: by a reload, or from the address. */
function nothingOf({ connection, repository }: PlanPlace): Chosen {
  return { connectionId: connection.id, repository, digests: [], tags: [] };
}

function ChosenPlan({ chosen, ...props }: DeletePlanProps & { chosen: Chosen }) {
  const { connection, repository } = props;
  const [onlyTags, setOnlyTags] = useState(false);
  const [protectedToo, setProtectedToo] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const backup = useBackup(connection, repository);
  const isChosen = chosen.digests.length + chosen.tags.length > 0;
  const whole = useMemo(
    (): Extract<ChangeRequest, { kind: "delete" }> => ({
      kind: "delete",
      connectionId: connection.id,
      repository,
      tags: [...chosen.tags],
      digests: [...chosen.digests],
      eachTag: false,
      protectedToo,
      backup: backup.place,
    }),
    [connection.id, repository, chosen, protectedToo, backup.place],
  );
  // The plan of whole versions names all their tags, and those that are protected.
  const named = useQuery({ ...previewQuery({ ...whole, protectedToo: false, backup: null }), enabled: isChosen }).data;
  const tags = useMemo(() => tagsOf(named, chosen), [named, chosen]);
  const request = useMemo<ChangeRequest | null>(() => {
    if (!isChosen || backup.error !== null) return null;
    if (!onlyTags) return whole;
    const wanted = tags.map((tag) => tag.name).filter((name) => !left.has(name));
    return wanted.length === 0 ? null : { ...whole, tags: wanted, digests: [], eachTag: true };
  }, [isChosen, backup.error, onlyTags, whole, tags, left]);
  const preview = useQuery({
    ...previewQuery(withBackup(request ?? whole, null)),
    enabled: request !== null,
    placeholderData: keepPreviousData,
  });
  return (
    <PlanBody
      {...props}
      title="Delete"
      request={request}
      preview={request === null ? null : (preview.data ?? null)}
      problem={preview.error === null || request === null ? null : toProblem(preview.error)}
      usable
      blocked={request === null}
      checksAtOnce
      backupTo={backup.place === null ? null : (backup.folder?.name ?? null)}
      empty={<NothingChosen onClose={props.onClose} why={isChosen ? backup.error : noneChosen} />}
      aside={
        isChosen ? (
          <>
            <ChosenPane
              versions={chosen.digests.length}
              tags={tags}
              channels={props.settings.channels}
              onlyTags={onlyTags}
              onOnlyTags={setOnlyTags}
              protectedToo={protectedToo}
              onProtectedToo={setProtectedToo}
              left={left}
              onLeft={setLeft}
            />
            <BackupSection backup={backup} />
          </>
        ) : null
      }
    />
  );
}

export interface ChosenTag {
  name: string;
  isProtected: boolean;
}

/** All tags of what was chosen, as the plan of the whole names them. */
function tagsOf(plan: Plan | undefined, chosen: Chosen): ChosenTag[] {
  const tags = new Map<string, ChosenTag>(chosen.tags.map((name) => [name, { name, isProtected: false }]));
  const versions = new Set(chosen.digests);
  for (const step of plan?.steps ?? [])
    if (versions.has(step.digest)) for (const name of step.tags) tags.set(name, { name, isProtected: false });
  for (const kept of plan?.kept ?? [])
    if (versions.has(kept.digest) || tags.has(kept.tag)) tags.set(kept.tag, { name: kept.tag, isProtected: kept.why.kind === "protected" });
  return [...tags.values()];
}

const noneChosen = "Select versions in the list, then delete them from the bar below it.";

/** `why`: what is missing, if not a tag. */
function NothingChosen({ why, onClose }: { why: string | null; onClose: () => void }) {
  const none = why === noneChosen;
  const title = none ? "Nothing is chosen" : why === null ? "No tag is chosen" : "The backup needs another place";
  return (
    <EmptyState icon={IconListCheck} title={title} actions={none ? <Button onClick={onClose}>Choose versions</Button> : null}>
      {why ?? "Choose at least one tag at the left."}
    </EmptyState>
  );
}
