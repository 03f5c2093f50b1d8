/** What a person sees of one repository: the kept view, the query that it makes, its rows and its columns. */
import { useEffect, useMemo } from "react";
import type { VersionsPage } from "../../ipc";
import { usePersisted } from "../../shared/persisted";
import { useVersionColumns } from "./useVersionColumns";
import { useVersionRows } from "./useVersionRows";
import { firstChoices, initialView, parseView, queryOf, type ViewState, viewKey } from "./viewState";

type ChangeView = (change: (before: ViewState) => ViewState) => void;

const noNames: readonly string[] = [];

export function useVersionsView(connectionId: string, repository: string) {
  const [view, change] = usePersisted(viewKey(connectionId, repository), initialView, parseView);
  const query = useMemo(() => queryOf(connectionId, repository, view), [connectionId, repository, view]);
  const rows = useVersionRows(query);
  const metricNames = rows.summary?.metricNames ?? noNames;
  const columns = useVersionColumns(view, change, metricNames);
  useFirstChoices(view, rows.summary, change);
  return { view, change, query, rows, columns, metricNames };
}

/** Platform and metric are chosen once, when it is known what there is, and kept from then on. */
function useFirstChoices(view: ViewState, summary: VersionsPage | undefined, change: ChangeView) {
  const undecided = view.platform === undefined || view.metrics === undefined;
  useEffect(() => {
    if (undecided && summary !== undefined && summary.totalVersions > 0)
      change((before) => ({ ...before, ...firstChoices(summary.platforms, summary.metricNames) }));
  }, [undecided, summary, change]);
}
