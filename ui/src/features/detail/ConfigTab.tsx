/** How a container of this image starts, and its environment. */
import { Fragment } from "react";
import type { ConfigDetail, VersionDetail } from "../../ipc";
import text from "../../shared/text.module.css";
import { Nothing } from "./Nothing";
import { PairsSection } from "./PairsSection";
import classes from "./Tabs.module.css";

export function ConfigTab({ detail }: { detail: VersionDetail }) {
  const { config } = detail;
  if (config === null) return <Nothing>{noConfig(detail)}</Nothing>;
  const rows = configRows(config).filter(([, values]) => values.length > 0);
  return (
    <>
      <section className={text.section} aria-label="Config">
        {rows.length === 0 ? <p className={`${text.dim} ${text.small}`}>Nothing is set.</p> : null}
        <dl className={text.keyValues}>
          {rows.map(([name, values]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd className={`${text.mono} ${classes.value}`}>
                {values.map((value) => (
                  <div key={value}>{value}</div>
                ))}
              </dd>
            </Fragment>
          ))}
        </dl>
      </section>
      <PairsSection title="Environment" pairs={config.environment.map(({ name, value }) => ({ key: name, value }))} shownFirst={200} />
    </>
  );
}

function noConfig({ kind, kindLabel }: VersionDetail): string {
  if (kind === "image") return "No config: this image has none that Berth can read.";
  return kind === "other" ? "No container config: this is not an image." : `No container config: a ${kindLabel} is not run as a container.`;
}

function configRows(config: ConfigDetail): [string, string[]][] {
  const single = (value: string | null) => (value === null || value === "" ? [] : [value]);
  const words = (parts: string[]) => (parts.length === 0 ? [] : [parts.map(quoted).join(" ")]);
  return [
    ["Entrypoint", words(config.entrypoint)],
    ["Command", words(config.command)],
    ["User", single(config.user)],
    ["Folder", single(config.workingDirectory)],
    ["Ports", config.ports],
    ["Volumes", config.volumes],
  ];
}

/** An argument with spaces is shown in quotes, so that one sees where it ends. */
function quoted(argument: string): string {
  return argument === "" || /\s/.test(argument) ? JSON.stringify(argument) : argument;
}
