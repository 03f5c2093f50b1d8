/** What the last of the tags holds in the target now, and since when. */
import { useQuery } from "@tanstack/react-query";
import type { Plan } from "../../../ipc";
import { channelHistoryQuery } from "../../../ipc/queries/changes";
import { formatDay, shortDigest, unknown } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import { type CopyWish, tagsOf } from "./copyWish";

export function ThereNow({ plan, wish }: { plan: Plan | null; wish: CopyWish }) {
  const tag = tagsOf(wish).at(-1);
  const step = plan?.steps.find((one) => tag !== undefined && one.tags.includes(tag));
  const held = step?.expectedDigest ?? null;
  const history = useQuery({
    ...channelHistoryQuery(wish.connectionId, wish.repository, tag ?? ""),
    enabled: held !== null && tag !== undefined,
    retry: false,
  }).data;
  if (tag === undefined) return null;
  const pointed = history?.find((one) => one.digest === held);
  const name = pointed?.tags[0];
  return (
    <>
      <dt>There now</dt>
      <dd className={text.cut}>
        {plan === null ? (
          unknown
        ) : step === undefined ? (
          `${tag} is there already`
        ) : held === null ? (
          `${tag} is new there`
        ) : (
          <>
            {name} <span className={`${text.mono} ${text.dim}`}>{shortDigest(held)}</span>
            {pointed?.since ? ` since ${formatDay(pointed.since)}` : ""}
          </>
        )}
      </dd>
    </>
  );
}
