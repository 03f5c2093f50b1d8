/** The frame around a comparison: where one is, what can be taken away from it, and the line at the foot. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCopy, IconLink, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { ComparePage } from "../features/compare/ComparePage";
import { isOnePlace, onePlatform } from "../features/compare/cells";
import { linkOf } from "../features/compare/link";
import { pickVersion } from "../features/palette/paletteStore";
import { StatusBar } from "../features/sync/StatusBar";
import { type ConnectionInfo, comparisonMarkdown, toProblem } from "../ipc";
import { comparisonQuery } from "../ipc/queries/comparison";
import { copyText } from "../shared/clipboard";
import { counted } from "../shared/format";
import { Icon } from "../shared/Icon";
import { replace } from "./navigation";
import { type CompareRoute, mostCompared } from "./navigation/compareRoute";
import { Toolbar } from "./Toolbar";

interface CompareFrameProps {
  route: CompareRoute;
  connections: readonly ConnectionInfo[];
  onEdit: (connection: ConnectionInfo) => void;
}

export function CompareFrame({ route, connections, onEdit }: CompareFrameProps) {
  const { versions, reference } = route;
  const enough = versions.length > 1;
  const comparison = useQuery({ ...comparisonQuery(versions, reference), enabled: enough }).data;
  const full = versions.length >= mostCompared;
  const add = () =>
    pickVersion({
      within: versions.at(-1) ?? null,
      taken: versions,
      onPick: (picked) => replace({ ...route, versions: [...versions, { ...picked, platform: null }] }),
    });
  const copyMarkdown = async () => {
    try {
      await copyText(await comparisonMarkdown(versions, reference), "Copied as Markdown");
    } catch (error) {
      notifications.show({ message: toProblem(error).message });
    }
  };
  const platform = comparison === undefined ? null : onePlatform(comparison.versions);
  return (
    <>
      <Toolbar crumbs={crumbsOf(route, connections)} search={false}>
        <Button
          size="xs"
          aria-disabled={full || undefined}
          data-disabled={full || undefined}
          title={full ? `At most ${mostCompared} versions can be compared` : undefined}
          leftSection={<Icon of={IconPlus} size="small" />}
          onClick={() => full || add()}
        >
          Add a version
        </Button>
        {enough ? (
          <Button
            size="xs"
            leftSection={<Icon of={IconLink} size="small" />}
            onClick={() => void copyText(linkOf(route, connections), "Link copied: paste it into the palette to open it")}
          >
            Copy link
          </Button>
        ) : null}
        {comparison ? (
          <Button size="xs" leftSection={<Icon of={IconCopy} size="small" />} onClick={() => void copyMarkdown()}>
            Copy as Markdown
          </Button>
        ) : null}
      </Toolbar>
      <ComparePage route={route} connections={connections} onRoute={replace} onAdd={add} />
      <StatusBar
        connections={connections}
        current={undefined}
        idle={comparison ? "Compared without pulling" : undefined}
        notes={comparison ? [`Sizes: compressed${platform === null ? "" : `, ${platform}`}`] : []}
        onEdit={onEdit}
      />
    </>
  );
}

function crumbsOf({ versions }: CompareRoute, connections: readonly ConnectionInfo[]): readonly string[] {
  const [first] = versions;
  const title = versions.length < 2 ? "Compare" : `Compare ${counted(versions.length, "version")}`;
  if (first === undefined || versions.some((version) => version.connectionId !== first.connectionId)) return [title];
  const connection = connections.find((one) => one.id === first.connectionId)?.name ?? first.connectionId;
  return [connection, ...(isOnePlace(versions) ? first.repository.split("/") : []), title];
}
