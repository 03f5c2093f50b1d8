/** What moves and what stays, what goes along, when it is refused, and where the channel pointed before. */
import { IconAlertTriangle, IconHistory, IconLock, IconTag, type Icon as TablerIcon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Plan, Pointing, VersionDetail } from "../../../ipc";
import { channelHistoryQuery } from "../../../ipc/queries/changes";
import { formatDay, shortDigest } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { IconSigned } from "../../../shared/icons";
import text from "../../../shared/text.module.css";
import type { VersionAddress } from "../../detail/detailQueries";
import { versionName } from "../../detail/versionName";
import { openChannelHistory } from "../channels/channelHistory";
import { attached, left, stays } from "./moves";
import classes from "./PromoteDialog.module.css";
import { closePromotion } from "./promotion";

interface PromotionNotesProps {
  address: VersionAddress;
  target: string;
  plan: Plan;
  before: VersionDetail | undefined;
  after: VersionDetail;
}

export function PromotionNotes({ address, target, plan, before, after }: PromotionNotesProps) {
  const { connectionId, repository } = address;
  const history = useQuery(channelHistoryQuery(connectionId, repository, target)).data ?? [];
  const name = versionName(after, address.digest);
  const step = plan.steps.find((one) => one.tags.includes(target));
  if (step === undefined) return <Note icon={IconTag}>{`${target} points at ${name} already. Nothing moves.`}</Note>;
  const rest = [stays(name, after.tags, target), before ? left(versionName(before, before.digest), before.tags, target) : null];
  const along = attached(after.referrers);
  const moved = [...new Set(plan.steps.flatMap((one) => one.tags))];
  return (
    <>
      <Note icon={IconTag}>
        {moved.length === 1 ? "One tag moves: " : `${moved.length} tags move: `}
        <b>{moved.join(", ")}</b>. {rest.some((part) => part !== null) ? `${rest.filter((part) => part !== null).join("; ")}.` : ""}
      </Note>
      {along === null ? null : (
        <Note icon={IconSigned}>
          <b>{along}</b> belong{after.referrers.length === 1 ? "s" : ""} to the digest and go{after.referrers.length === 1 ? "es" : ""}{" "}
          along. Nothing is copied.
        </Note>
      )}
      <Note icon={IconLock}>
        {step.expectedDigest === null ? (
          `Refused if ${target} is there at that moment.`
        ) : (
          <>
            Refused if {target} no longer points to <span className={text.mono}>{shortDigest(step.expectedDigest)}</span> at that moment.
          </>
        )}
      </Note>
      {plan.warnings.map((warning) => (
        <Note key={warning} icon={IconAlertTriangle}>
          {warning}
        </Note>
      ))}
      {history.length === 0 ? null : (
        <Note icon={IconHistory}>
          {target} before: {history.slice(0, 3).map(pointed).join(", ")}.{" "}
          <button
            type="button"
            className={text.link}
            onClick={() => {
              closePromotion();
              openChannelHistory({ connectionId, repository, channel: target });
            }}
          >
            History
          </button>
        </Note>
      )}
    </>
  );
}

function pointed({ digest, tags, since }: Pointing): string {
  return `${tags[0] ?? shortDigest(digest)}${since === null ? "" : ` since ${formatDay(since)}`}`;
}

function Note({ icon, children }: { icon: TablerIcon; children: ReactNode }) {
  return (
    <p className={classes.note}>
      <Icon of={icon} />
      <span>{children}</span>
    </p>
  );
}
