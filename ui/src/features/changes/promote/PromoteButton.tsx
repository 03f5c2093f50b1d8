/** Promotes a version: the button names where to and its tooltip what moves; the arrow asks where to. */
import { Button, Tooltip } from "@mantine/core";
import { IconArrowUp, IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { previewQuery } from "../../../ipc/queries/changes";
import { shortDigest } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { IconButton } from "../../../shared/IconButton";
import { useKeyName } from "../../../shared/keys";
import { type VersionAddress, versionDetailQuery } from "../../detail/detailQueries";
import { versionName } from "../../detail/versionName";
import classes from "./PromoteButton.module.css";
import { promotionRequest } from "./promotion";
import { usePromotion } from "./usePromotion";

interface PromoteButtonProps {
  address: VersionAddress;
  /** The one main action of the view, or a small one in a bar. */
  small?: boolean;
}

export function PromoteButton({ address, small = false }: PromoteButtonProps) {
  const promotion = usePromotion(address);
  const key = useKeyName("promote");
  const toKey = useKeyName("promoteTo");
  if (promotion === null) return null;
  const { target, asks, hindrance } = promotion;
  const off = hindrance !== null;
  const label = target === null ? "Promote…" : `Promote to ${target}${asks ? "…" : ""}`;
  return (
    <div className={classes.both} data-small={small || undefined}>
      <Tooltip
        multiline
        label={hindrance ?? (target === null ? `Choose a channel (${key})` : <PlanTip address={address} target={target} hotkey={key} />)}
      >
        <Button
          size={small ? "xs" : "sm"}
          variant={small ? "default" : "filled"}
          className={classes.main}
          aria-disabled={off || undefined}
          data-disabled={off || undefined}
          leftSection={<Icon of={IconArrowUp} size="small" />}
          onClick={promotion.promote}
        >
          {label}
        </Button>
      </Tooltip>
      {target === null || off ? null : (
        <IconButton
          small={small}
          icon={IconChevronDown}
          label="Promote to…"
          hotkey={toKey}
          aria-haspopup="dialog"
          className={classes.arrow}
          onClick={promotion.open}
        />
      )}
    </div>
  );
}

/** The plan as the index knows it: what the channel points at now, and what moves. */
function PlanTip({ address, target, hotkey }: { address: VersionAddress; target: string; hotkey: string }) {
  const { data: plan, error } = useQuery(previewQuery(promotionRequest(address, target)));
  const from = plan?.steps.find((step) => step.tags.includes(target))?.expectedDigest ?? null;
  const before = useQuery({ ...versionDetailQuery({ ...address, digest: from ?? "" }, null), enabled: from !== null }).data;
  const own = `Promote to ${target} (${hotkey})`;
  if (error || plan === undefined) return own;
  if (plan.steps.length === 0) return `${own}: ${target} is there already`;
  const to = shortDigest(address.digest);
  if (from === null) return `${own}: the tag ${target} is new, it is set to ${to}`;
  const name = versionName(before, from);
  return `${own}: ${target} points at ${name}${name === shortDigest(from) ? "" : ` (${shortDigest(from)})`} and moves to ${to}. No other tag moves.`;
}
