/** A promotion before it is made: what the channel points at now, what differs, what it asks for and what moves. Enter promotes. */
import { Button, Kbd, Modal } from "@mantine/core";
import { IconArrowBackUp, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { type ConnectionInfo, type Plan, planChange, type Settings, toProblem, type VersionDetail } from "../../../ipc";
import { previewQuery } from "../../../ipc/queries/changes";
import { Icon } from "../../../shared/Icon";
import { IconButton } from "../../../shared/IconButton";
import { displayCombination, useKeyName } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import { useFocusKept } from "../../../shared/useFocusKept";
import { versionDetailQuery } from "../../detail/detailQueries";
import { versionName } from "../../detail/versionName";
import { executePlan } from "../running/changes";
import { Requirements } from "../running/Requirements";
import { TypedName } from "../running/TypedName";
import { ComparisonTable } from "./ComparisonTable";
import { PlaceChoice } from "./PlaceChoice";
import classes from "./PromoteDialog.module.css";
import { PromotionNotes } from "./PromotionNotes";
import { closePromotion, promotionOf, promotionRequest, useAskedPromotion } from "./promotion";
import { TargetChoice } from "./TargetChoice";

interface PromoteDialogProps {
  connections: readonly ConnectionInfo[];
  settings: Settings;
}

export function PromoteDialog(props: PromoteDialogProps) {
  const asked = useAskedPromotion();
  useFocusKept(asked !== null);
  const title = asked === null ? "Promote" : `Promote to ${asked.to}`;
  return (
    <Modal.Root opened={asked !== null} onClose={closePromotion} size={600} centered padding={0}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        {asked ? <Content key={JSON.stringify(asked.address)} asked={asked} {...props} /> : null}
      </Modal.Content>
    </Modal.Root>
  );
}

type Asked = NonNullable<ReturnType<typeof useAskedPromotion>>;

/** The plan from the index at once, and the one that was read anew as soon as it is there. */
function usePlans({ address, plan }: Asked, to: string) {
  const request = promotionRequest(address, to);
  const preview = useQuery(previewQuery(request)).data;
  const fresh = useQuery({
    queryKey: ["plan", request],
    queryFn: ({ signal }) => planChange(request, { signal }),
    initialData: plan?.steps.some((step) => step.tags.includes(to)) ? plan : undefined,
    gcTime: 0,
  });
  return { shown: fresh.data ?? preview, fresh: fresh.data, error: fresh.error };
}

/** Whether two plans do the same to the registry. */
function same(one: Plan, other: Plan): boolean {
  return JSON.stringify(one.steps) === JSON.stringify(other.steps);
}

function Content({ asked, connections, settings }: { asked: Asked } & PromoteDialogProps) {
  const { address } = asked;
  const [to, setTo] = useState(asked.to);
  const [typed, setTyped] = useState("");
  /** The plan that was confirmed before it was read anew. */
  const [confirmed, setConfirmed] = useState<Plan | null>(null);
  const { shown, fresh, error } = usePlans(asked, to);
  const after = useQuery(versionDetailQuery(address, null)).data;
  const name = versionName(after, address.digest);
  const step = shown?.steps.find((one) => one.tags.includes(to));
  const from = step?.expectedDigest ?? null;
  const before = useQuery({ ...versionDetailQuery({ ...address, digest: from ?? "" }, null), enabled: from !== null }).data;
  const undoKey = useKeyName("undo");
  const changed = confirmed !== null && fresh !== undefined && !same(confirmed, fresh);
  const missing = shown?.requirements.some((one) => !one.met) ?? false;
  const ready = shown !== undefined && step !== undefined && !missing && !error && (shown.typedName === null || shown.typedName === typed);

  const execute = (plan: Plan) => {
    closePromotion();
    void executePlan(plan, promotionOf(address, name, to).words, null, plan.typedName === null ? null : typed);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    if (fresh) execute(fresh);
    else setConfirmed(shown);
  };
  // Confirmed while it was still read: it goes on by itself if the registry holds what was shown.
  useEffect(() => {
    if (confirmed !== null && fresh !== undefined && same(confirmed, fresh)) execute(fresh);
  });

  return (
    <form onSubmit={submit} className={classes.dialog}>
      <div className={classes.head}>
        <div className={text.grow}>
          <h2 className={`${text.title} ${classes.title}`} title={`Promote ${name} to ${to}`}>
            Promote {name} to {to}
          </h2>
          <p className={classes.where}>
            {connections.find((one) => one.id === address.connectionId)?.name ?? address.connectionId}, {address.repository}
          </p>
        </div>
        <IconButton small icon={IconX} label="Close" hotkey="Esc" onClick={closePromotion} type="button" />
      </div>
      <div className={classes.to}>
        <span>Moves the tag</span>
        <TargetChoice
          channels={settings.channels}
          value={to}
          onChange={(next) => {
            setTo(next);
            setConfirmed(null);
          }}
        />
        <PlaceChoice address={address} onLeave={closePromotion} />
      </div>
      <div className={classes.scroll}>
        {after ? <ComparisonTable target={to} before={from === null ? null : before} after={after} known={shown !== undefined} /> : null}
        <section className={classes.does} aria-label="What moves">
          {error ? <ProblemStrip problem={toProblem(error)} /> : null}
          {changed ? <p className={classes.changed}>{to} moved while you looked. This is what would happen now.</p> : null}
          {shown ? <Requirements requirements={shown.requirements} /> : null}
          {shown && after ? <PromotionNotes address={address} target={to} plan={shown} before={before} after={after} /> : null}
          {shown?.typedName ? <TypedName name={shown.typedName} value={typed} onChange={setTyped} /> : null}
        </section>
      </div>
      <div className={classes.foot}>
        <UndoNote from={from} before={before} undoKey={undoKey} />
        <Button type="button" onClick={closePromotion}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="filled"
          data-autofocus
          aria-disabled={!ready || undefined}
          data-disabled={!ready || undefined}
          rightSection={<Kbd>{displayCombination("Enter")}</Kbd>}
        >
          {confirmed !== null && fresh === undefined && !error ? "Reading the registry" : `Promote to ${to}`}
        </Button>
      </div>
    </form>
  );
}

function UndoNote({ from, before, undoKey }: { from: string | null; before: VersionDetail | undefined; undoKey: string }) {
  const while_ = from === null ? "" : ` while ${versionName(before, from)} exists`;
  return (
    <p className={`${classes.note} ${text.grow}`}>
      <Icon of={IconArrowBackUp} />
      <span>
        Undo with {undoKey}
        {while_}
      </span>
    </p>
  );
}
