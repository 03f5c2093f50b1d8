/** A comparison that cannot be made: which versions are missing, and what can be done about each. */
import { Button } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { letterOf } from "../../app/navigation/compareRoute";
import { type ConnectionInfo, type Problem, toProblem, type VersionAt } from "../../ipc";
import { longerDigest } from "../../shared/format";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { versionDetailQuery } from "../detail/detailQueries";
import { startSync } from "../sync/activity";
import classes from "./ComparePage.module.css";

interface MissingVersionsProps {
  problem: Problem;
  versions: readonly VersionAt[];
  connections: readonly ConnectionInfo[];
  onTakeOut: (place: number) => void;
  /** Without the platforms that the address asks for. */
  onAnyPlatform: () => void;
  onRetry: () => void;
}

export function MissingVersions({ problem, versions, connections, onTakeOut, onAnyPlatform, onRetry }: MissingVersionsProps) {
  const found = useQueries({ queries: versions.map((version) => versionDetailQuery(version, null)) });
  const missing = versions.flatMap((version, place) => {
    const error = found[place]?.error;
    return error ? [{ version, place, reason: toProblem(error) }] : [];
  });
  const platforms = versions.some((version) => version.platform !== null);
  if (missing.length === 0) {
    const action = platforms ? { label: "Choose the platform anew", run: onAnyPlatform } : { label: "Try again", run: onRetry };
    return <ProblemStrip problem={problem} action={action} />;
  }
  return (
    <>
      <ProblemStrip
        problem={{ ...problem, hint: null }}
        title={missing.length === 1 ? "A version is not known here" : `${missing.length} versions are not known here`}
        still="Synchronise its repository, or take it out of the comparison. What was deleted, or what no tag leads to, may stay unknown."
        action={{ label: "Try again", run: onRetry }}
      />
      <ul className={classes.missing} aria-label="Missing versions">
        {missing.map(({ version, place, reason }) => {
          const connection = connections.find((one) => one.id === version.connectionId);
          return (
            <li key={place}>
              <b>{letterOf(place)}</b>
              <div className={text.grow}>
                <div className={text.cut}>
                  {connection?.name ?? version.connectionId}/{version.repository}
                </div>
                <div className={`${text.cut} ${text.mono} ${text.dim}`} title={version.digest}>
                  {longerDigest(version.digest)}
                </div>
              </div>
              <span className={`${text.cut} ${text.dim}`} title={reason.message}>
                {connection === undefined
                  ? "This connection is not there any more"
                  : reason.code === "notFound"
                    ? "Not in the index"
                    : reason.message}
              </span>
              {connection === undefined ? null : (
                <Button size="xs" onClick={() => void startSync(version.connectionId, version.repository)}>
                  Synchronise
                </Button>
              )}
              <Button size="xs" onClick={() => onTakeOut(place)}>
                Take {letterOf(place)} out
              </Button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
