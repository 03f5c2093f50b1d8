/** The left of a copy: by which route or where to, which platforms, what travels with it, and the same as a command. */
import { Checkbox, Select } from "@mantine/core";
import type { ConnectionInfo, FittingRoute, Plan, Settings, VersionDetail } from "../../../ipc";
import { shortDigest, useFormat } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import type { VersionAddress } from "../../detail/detailQueries";
import { Terminal } from "../plan/RulesPane";
import rules from "../plan/RulesPane.module.css";
import classes from "./CopyPage.module.css";
import { CopyTarget } from "./CopyTarget";
import { type CopyWish, referrerKinds } from "./copyWish";
import { TagChips } from "./TagChips";
import { ThereNow } from "./ThereNow";

interface CopyPaneProps {
  from: { connection: ConnectionInfo; address: VersionAddress };
  detail: VersionDetail;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  routes: readonly FittingRoute[];
  by: string | null;
  setBy: (route: string | null) => void;
  wish: CopyWish;
  setWish: (wish: CopyWish) => void;
  target: ConnectionInfo | undefined;
  plan: Plan | null;
  locked: boolean;
  /** null: nothing can be planned yet. */
  command: string | null;
}

const elsewhere = "";

export function CopyPane(props: CopyPaneProps) {
  const { from, connections, settings, routes, by, wish, target } = props;
  const source = `${from.connection.name} ${from.address.repository}`;
  return (
    <>
      <section className={rules.section}>
        <h2 className={rules.title}>{by === null ? "To" : "Route"}</h2>
        {routes.length === 0 && by === null ? null : (
          <Select
            aria-label="Route"
            size="xs"
            data={[...routes.map((route) => ({ value: route.name, label: route.name })), { value: elsewhere, label: "Another repository" }]}
            value={by ?? elsewhere}
            allowDeselect={false}
            disabled={props.locked}
            onChange={(value) => props.setBy(value === null || value === elsewhere ? null : value)}
          />
        )}
        {by === null ? <CopyTarget connections={connections} wish={wish} onWish={props.setWish} /> : null}
        <dl className={classes.facts}>
          <dt>From</dt>
          <dd className={text.cut} title={source}>
            {source}
          </dd>
          {by === null ? null : (
            <>
              <dt>To</dt>
              <dd className={text.cut} title={`${target?.name ?? ""} ${wish.repository}`}>
                {target?.name ?? wish.connectionId} {wish.repository}
              </dd>
              <dt>Tags</dt>
              <dd>
                <TagChips names={wish.tags.split(", ").filter((tag) => tag !== "")} channels={settings.channels} />
              </dd>
            </>
          )}
          <ThereNow plan={props.plan} wish={wish} />
        </dl>
      </section>
      <Platforms {...props} />
      <Travels {...props} />
      {props.command === null ? null : <Terminal command={props.command} />}
    </>
  );
}

/** All of them, or some: then what arrives is another index. */
function Platforms({ detail, wish, setWish, plan }: CopyPaneProps) {
  const { bytes } = useFormat();
  const all = detail.platforms.map((one) => one.platform);
  if (all.length < 2) return null;
  const chosen = wish.platforms ?? all;
  const put = (platform: string, wanted: boolean) => {
    const next = all.filter((one) => (one === platform ? wanted : chosen.includes(one)));
    setWish({ ...wish, platforms: next.length === all.length ? null : next });
  };
  const arrives = plan?.transfer?.arrives ?? null;
  const signature = detail.signed ? " and its signature holds" : "";
  return (
    <section className={rules.section}>
      <h2 className={rules.title}>Platforms</h2>
      {detail.platforms.map((one) => (
        <div key={one.platform} className={classes.choice}>
          <Checkbox
            label={one.platform}
            checked={chosen.includes(one.platform)}
            onChange={(event) => put(one.platform, event.currentTarget.checked)}
          />
          <span className={text.dim}>{bytes(one.sizeBytes)}</span>
        </div>
      ))}
      <p className={classes.hint}>
        {wish.platforms === null ? (
          <>
            All of them: the digest stays <span className={text.mono}>{shortDigest(detail.digest)}</span>
            {signature}. With fewer, it would not.
          </>
        ) : chosen.length === 0 ? (
          "Choose at least one."
        ) : (
          <>
            A new index is written
            {arrives === null ? null : (
              <>
                , <span className={text.mono}>{shortDigest(arrives)}</span>
              </>
            )}
            : signatures of the whole do not hold for it and stay behind.
          </>
        )}
      </p>
    </section>
  );
}

/** Kinds of what points at the version, each by itself. */
function Travels({ detail, wish, setWish }: CopyPaneProps) {
  // Of what BuildKit stores as a part of the index, nothing stays behind.
  const inIndex = (annotations: readonly { key: string }[]) => annotations.some(({ key }) => key === "vnd.docker.reference.type");
  const counts = referrerKinds.map(({ kind, one, many }) => {
    const isKind = (of: string) => (kind === "other" ? !referrerKinds.some((known) => known.kind === of) : of === kind);
    const found = detail.referrers.filter((referrer) => isKind(referrer.kind.toLowerCase()));
    return { kind, one, many, count: found.length, always: found.length > 0 && found.every((referrer) => inIndex(referrer.annotations)) };
  });
  const there = counts.filter(({ count }) => count > 0);
  const takes = (kind: (typeof counts)[number]["kind"]) => wish.referrers === null || wish.referrers.includes(kind);
  const put = (kind: (typeof counts)[number]["kind"], wanted: boolean) => {
    const next = counts.map((one) => one.kind).filter((one) => (one === kind ? wanted : takes(one)));
    setWish({ ...wish, referrers: next.length === counts.length ? null : next });
  };
  return (
    <section className={rules.section}>
      <h2 className={rules.title}>Travels with it</h2>
      {there.length === 0 ? <p className={classes.none}>Nothing points at this version, as far as it was read.</p> : null}
      {there.map(({ kind, one, many, count, always }) => (
        <div key={kind} className={classes.choice}>
          <Checkbox
            label={`${count} ${count === 1 ? one : many}`}
            checked={always || takes(kind)}
            disabled={always}
            onChange={(event) => put(kind, event.currentTarget.checked)}
          />
          {always ? <span className={text.dim}>in the index, always</span> : null}
        </div>
      ))}
    </section>
  );
}
