/** Saved policies: what each is for, and the way to the page where it is edited. */
import { useQuery } from "@tanstack/react-query";
import { go } from "../../app/navigation";
import type { SavedPolicy } from "../../ipc";
import { policiesQuery } from "../../ipc/queries/changes";
import { counted } from "../../shared/format";
import text from "../../shared/text.module.css";
import { keepPolicy } from "../changes/plan/keptRules";
import { Section } from "./fields";
import classes from "./Settings.module.css";

export function Policies() {
  const policies = useQuery(policiesQuery).data ?? [];
  return (
    <Section title="Policies" hint="rules of clean-ups, kept under a name">
      {policies.length === 0 ? (
        <p className={classes.hint}>Save the rules of a clean-up on its page, with the menu beside its policy.</p>
      ) : null}
      <ul>
        {policies.map((policy) => (
          <Policy key={policy.name} policy={policy} />
        ))}
      </ul>
    </Section>
  );
}

function Policy({ policy }: { policy: SavedPolicy }) {
  const [first] = policy.covers;
  const open = () => {
    if (first === undefined) return;
    keepPolicy(first, policy);
    go({ page: "plan", connectionId: first.connectionId, repository: first.repository, change: "prune" });
  };
  return (
    <li className={classes.policy}>
      <span className={text.cut} title={policy.name}>
        {policy.name}
      </span>
      <span className={`${text.middle} ${text.cut}`} title={policy.patterns.join(", ")}>
        {policy.problem === null ? policy.patterns.join(", ") : `Cannot be used: ${policy.problem}`}
      </span>
      <span className={text.dim}>{counted(policy.covers.length, "repository", "repositories")}</span>
      <button type="button" className={text.link} disabled={first === undefined || policy.rules === null} onClick={open}>
        Open<span className={text.hidden}> {policy.name}</span>
      </button>
    </li>
  );
}
