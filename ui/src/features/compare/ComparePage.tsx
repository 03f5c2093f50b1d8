/** Versions beside each other as a page. What is compared stands in the address; nothing here is asked of a registry. */
import { Button, Skeleton } from "@mantine/core";
import { IconColumns2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { back } from "../../app/navigation";
import { type CompareRoute, without } from "../../app/navigation/compareRoute";
import { type Comparison, type ConnectionInfo, toProblem } from "../../ipc";
import { comparisonQuery } from "../../ipc/queries/comparison";
import { EmptyState } from "../../shared/EmptyState";
import { Icon } from "../../shared/Icon";
import { useAction, useEscape } from "../../shared/keys";
import { focusLayer } from "../../shared/layers";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { usePersisted } from "../../shared/persisted";
import { CompareGrid, type GridHandle } from "./CompareGrid";
import { CompareNotes } from "./CompareNotes";
import classes from "./ComparePage.module.css";
import { CompareTools } from "./CompareTools";
import { isOnePlace, platformsDiffer } from "./cells";
import { MissingVersions } from "./MissingVersions";
import { rowsOf, type SectionId, sectionsOf } from "./sections";
import { useInside } from "./useInside";

interface ComparePageProps {
  route: CompareRoute;
  connections: readonly ConnectionInfo[];
  onRoute: (route: CompareRoute) => void;
  onAdd: () => void;
}

export function ComparePage({ route, connections, onRoute, onAdd }: ComparePageProps) {
  const { versions, reference } = route;
  const enough = versions.length > 1;
  const query = useQuery({ ...comparisonQuery(versions, reference), enabled: enough });
  useEscape(back);
  // What was under the pointer where one came from is gone.
  useEffect(() => focusLayer(null), []);
  const takeOut = (place: number) => onRoute(without(route, place));
  return (
    <main className={classes.page}>
      {!enough ? (
        <TooFew count={versions.length} onAdd={onAdd} />
      ) : query.error ? (
        <MissingVersions
          problem={toProblem(query.error)}
          versions={versions}
          connections={connections}
          onTakeOut={takeOut}
          onAnyPlatform={() => onRoute({ ...route, versions: versions.map((version) => ({ ...version, platform: null })) })}
          onRetry={() => void query.refetch()}
        />
      ) : query.data === undefined ? (
        <Skeleton height={8} width={240} m={16} />
      ) : (
        <Compared comparison={query.data} route={route} onRoute={onRoute} onTakeOut={takeOut} />
      )}
    </main>
  );
}

function TooFew({ count, onAdd }: { count: number; onAdd: () => void }) {
  const actions = (
    <Button size="xs" leftSection={<Icon of={IconPlus} size="small" />} onClick={onAdd}>
      Add a version
    </Button>
  );
  return (
    <EmptyState
      icon={IconColumns2}
      title={count === 0 ? "Nothing to compare yet" : "One version alone cannot be compared"}
      actions={actions}
    >
      Choose two to eight versions, of one repository or of several.
    </EmptyState>
  );
}

interface ComparedProps {
  comparison: Comparison;
  route: CompareRoute;
  onRoute: (route: CompareRoute) => void;
  onTakeOut: (place: number) => void;
}

function Compared({ comparison, route, onRoute, onTakeOut }: ComparedProps) {
  const [only, setOnly] = usePersisted("berth.compare.onlyDifferences", true, (value) => (typeof value === "boolean" ? value : null));
  useAction("onlyDifferences", () => setOnly((before) => !before));
  const [current, setCurrent] = useState<SectionId | null>(null);
  const grid = useRef<GridHandle>(null);
  const { shown, slots, problems, failure } = useInside(route, comparison, only, grid);
  const sections = useMemo(() => sectionsOf(comparison, shown), [comparison, shown]);
  const rows = useMemo(() => rowsOf(comparison, sections, only, shown), [comparison, sections, only, shown]);
  const lines = { place: !isOnePlace(comparison.versions), platform: platformsDiffer(comparison.versions) };
  // A version without this platform, such as a model, keeps what it has.
  const platformAt = (place: number, platform: string) => (comparison.versions[place]?.platforms.includes(platform) ? platform : null);
  const choose = (platform: string, places: (place: number) => boolean) =>
    onRoute({
      ...route,
      versions: route.versions.map((version, place) => (places(place) ? { ...version, platform: platformAt(place, platform) } : version)),
    });
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.querySelector<HTMLElement>("[data-pane-focus]")?.focus({ preventScroll: true }), []);
  return (
    <section ref={section} className={classes.compared} aria-label="Compared versions" data-list>
      <CompareTools
        comparison={comparison}
        sections={sections}
        current={current}
        onlyDifferences={only}
        onSection={(id) => grid.current?.show(id)}
        onReference={(place) => onRoute({ ...route, reference: place })}
        onPlatform={(platform) => choose(platform, () => true)}
        onOnlyDifferences={(next) => setOnly(() => next)}
      />
      <CompareNotes comparison={comparison} further={problems} />
      {failure === null ? null : (
        <ProblemStrip
          problem={failure.problem}
          still="What was read is kept; the rest of the comparison stands."
          action={{ label: "Try again", run: failure.retry }}
        />
      )}
      <CompareGrid
        handle={grid}
        comparison={comparison}
        rows={rows}
        lines={lines}
        onTakeOut={onTakeOut}
        onPlatform={(place, platform) => choose(platform, (other) => other === place)}
        onSection={setCurrent}
        contents={slots}
      />
    </section>
  );
}
