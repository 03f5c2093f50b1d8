/** The bar with the versions that were put aside, above the line at the foot. While rows are dragged it takes them. */
import { Button } from "@mantine/core";
import { IconColumns2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { connectionsQuery } from "../../ipc/queries/connections";
import { Icon } from "../../shared/Icon";
import { TakeOff } from "../../shared/TakeOff";
import text from "../../shared/text.module.css";
import { type VersionAddress, versionDetailQuery } from "../detail/detailQueries";
import { versionName } from "../detail/versionName";
import classes from "./CompareTray.module.css";
import { openComparison } from "./comparing";
import { useDragged } from "./drag";
import { clearTray, removeFromTray, useTray } from "./tray";

export function CompareTray() {
  const versions = useTray();
  const dragged = useDragged();
  if (versions.length === 0 && dragged === null) return null;
  const enough = versions.length > 1;
  return (
    <section aria-label="To compare" className={classes.tray} data-tray data-over={dragged?.over || undefined}>
      <span className={classes.label}>{dragged === null ? "To compare" : "Drop here to compare"}</span>
      <ul className={classes.chips}>
        {versions.map((version) => (
          <Chip key={`${version.connectionId} ${version.repository} ${version.digest}`} version={version} />
        ))}
      </ul>
      {dragged === null ? (
        <>
          {enough ? null : <span className={classes.hint}>one more version is needed</span>}
          <Button size="xs" variant="subtle" onClick={clearTray}>
            Clear
          </Button>
          <Button
            size="xs"
            aria-disabled={!enough || undefined}
            data-disabled={!enough || undefined}
            title={enough ? undefined : "A comparison takes two versions or more"}
            leftSection={<Icon of={IconColumns2} size="small" />}
            onClick={() => enough && openComparison(versions)}
          >
            Compare {enough ? versions.length : ""}
          </Button>
        </>
      ) : null}
    </section>
  );
}

function Chip({ version }: { version: VersionAddress }) {
  const detail = useQuery(versionDetailQuery(version, null)).data;
  const connections = useQuery(connectionsQuery).data;
  const connection = connections?.find((one) => one.id === version.connectionId)?.name ?? version.connectionId;
  const name = versionName(detail, version.digest);
  return (
    <li className={classes.chip} title={`${connection}/${version.repository}\n${name}\n${version.digest}`}>
      <span className={`${classes.name} ${text.cut}`}>{name}</span>
      <span className={`${text.dim} ${text.cut}`}>{version.repository.split("/").at(-1)}</span>
      <TakeOff label={`Take ${name} off`} onClick={() => removeFromTray(version)} />
    </li>
  );
}

/** What is dragged, beside the pointer. */
export function DraggedVersions() {
  const dragged = useDragged();
  const [only] = dragged?.versions ?? [];
  const single = dragged?.versions.length === 1 ? only : undefined;
  const nowhere: VersionAddress = { connectionId: "", repository: "", digest: "" };
  const detail = useQuery({ ...versionDetailQuery(single ?? nowhere, null), enabled: single !== undefined }).data;
  if (dragged === null) return null;
  const name = single === undefined ? `${dragged.versions.length} versions` : versionName(detail, single.digest);
  return (
    <div aria-hidden className={classes.dragged} style={{ left: dragged.x + 12, top: dragged.y + 10 }}>
      {name}
    </div>
  );
}
