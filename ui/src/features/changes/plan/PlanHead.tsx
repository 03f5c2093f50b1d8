/** The bar over a plan: where one is, how old what it stands on is, and the plan as JSON. */
import { Button } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { Toolbar } from "../../../app/Toolbar";
import type { ConnectionInfo, Plan } from "../../../ipc";
import { copyText } from "../../../shared/clipboard";
import { Icon } from "../../../shared/Icon";
import classes from "./PlanPage.module.css";
import type { Stage } from "./usePlanStage";

interface PlanHeadProps {
  connection: ConnectionInfo;
  repository: string;
  title: string;
  stage: Stage;
  /** How old what the index says is, in words; null: not known. */
  age: string | null;
}

export function PlanHead({ connection, repository, title, stage, age }: PlanHeadProps) {
  const { plan } = stage;
  return (
    <Toolbar crumbs={[connection.name, ...repository.split("/"), title]} search={false}>
      <span className={classes.state}>{stateWords(stage, connection.name, age)}</span>
      {plan === null ? null : <CopyPlan plan={plan} />}
    </Toolbar>
  );
}

export function CopyPlan({ plan }: { plan: Plan }) {
  return (
    <Button
      size="xs"
      leftSection={<Icon of={IconCopy} size="small" />}
      onClick={() => void copyText(planText(plan), "Copied the plan as JSON")}
    >
      Copy plan as JSON
    </Button>
  );
}

function stateWords(stage: Stage, connection: string, age: string | null): string {
  switch (stage.name) {
    case "looking":
      return age === null ? "Nothing is deleted yet" : `Planned from what was seen ${age}; nothing is deleted yet`;
    case "checking":
      return "Nothing is deleted yet";
    case "checked":
      return `Checked against ${connection} just now; nothing is deleted yet`;
    case "running":
      return "Each tag is looked at again just before it goes";
    case "ended":
      return "";
  }
}

/** As berthctl prints it: names with underscores. */
function planText(plan: Plan): string {
  return JSON.stringify(plan, null, 2).replace(/^(\s*)"([a-z]+(?:[A-Z][a-z]+)+)":/gm, (_, indent: string, name: string) => {
    return `${indent}"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}":`;
  });
}
