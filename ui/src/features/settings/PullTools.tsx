/** Which tools the pull box offers, and what it copies. */
import { Checkbox, SegmentedControl } from "@mantine/core";
import type { Settings } from "../../ipc";
import { Row, Section } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

/** Names as the pull commands carry them. */
const tools = [
  "docker",
  "podman",
  "nerdctl",
  "apptainer",
  "skopeo",
  "crane",
  "oras",
  "modctl",
  "kit",
  "docker-model",
  "ollama",
  "helm",
  "kubernetes",
  "compose",
  "docker-run",
  "python",
  "zenml",
];

export function PullTools({ settings, save }: { settings: Settings; save: Save }) {
  const { pullTools } = settings;
  const toggle = (tool: string) =>
    save({ pullTools: pullTools.includes(tool) ? pullTools.filter((other) => other !== tool) : [...pullTools, tool] });
  return (
    <Section title="Pull commands">
      <Row label="Tools">
        <div className={classes.tools}>
          {[...tools, ...pullTools.filter((tool) => !tools.includes(tool))].map((tool) => (
            <Checkbox key={tool} label={tool.replace("-", " ")} checked={pullTools.includes(tool)} onChange={() => toggle(tool)} />
          ))}
        </div>
      </Row>
      <Row label="Copies">
        <SegmentedControl
          aria-label="Copies"
          data={[
            { value: "tag", label: "Tag" },
            { value: "digest", label: "Digest" },
          ]}
          value={settings.pullByDigest ? "digest" : "tag"}
          onChange={(value) => save({ pullByDigest: value === "digest" })}
        />
        <span className={classes.about}>a tag may move after you copied it</span>
      </Row>
    </Section>
  );
}
