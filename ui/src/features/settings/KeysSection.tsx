/** The keys, each a button: press it, then the new key. */
import { Kbd } from "@mantine/core";
import { useState } from "react";
import type { Settings } from "../../ipc";
import { type ActionId, actions, combinationOf, displayCombination, keysOf } from "../../shared/keys";
import text from "../../shared/text.module.css";
import { Section } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

interface KeysSectionProps {
  settings: Settings;
  save: Save;
  onAllKeys: () => void;
}

export function KeysSection({ settings, save, onAllKeys }: KeysSectionProps) {
  const keys = keysOf(settings.keys);
  const [waiting, setWaiting] = useState<ActionId | null>(null);
  const [taken, setTaken] = useState<string | null>(null);
  const put = (action: ActionId, key: string) => {
    setWaiting(null);
    const other = actions.find((candidate) => candidate.id !== action && keys[candidate.id] === key);
    if (other !== undefined) {
      setTaken(`${displayCombination(key)} is the key of “${other.label}”. Nothing was changed.`);
      return;
    }
    setTaken(null);
    const rest = settings.keys.filter((changed) => changed.action !== action);
    const isFirst = actions.find((candidate) => candidate.id === action)?.key === key;
    save({ keys: isFirst ? rest : [...rest, { action, key }] });
  };
  const all = (
    <button type="button" className={text.link} onClick={onAllKeys}>
      All keys <Kbd>{displayCombination(keys.allKeys)}</Kbd>
    </button>
  );
  return (
    <Section title="Keys" hint="click one to change it" side={all}>
      {taken ? (
        <p role="alert" className={classes.taken}>
          {taken}
        </p>
      ) : null}
      <ul className={classes.keys}>
        {actions.map((action) => (
          <li key={action.id}>
            <span>{action.label}</span>
            <button
              type="button"
              className={classes.key}
              aria-label={`${action.label}: ${waiting === action.id ? "press the new key" : displayCombination(keys[action.id])}`}
              data-waiting={waiting === action.id || undefined}
              onClick={() => setWaiting(action.id)}
              onBlur={() => setWaiting(null)}
              onKeyDown={(event) => {
                if (waiting !== action.id) return;
                const key = combinationOf(event.nativeEvent);
                if (key === null || key === "Tab") return;
                event.preventDefault();
                event.stopPropagation();
                if (key === "Esc") setWaiting(null);
                else put(action.id, key);
              }}
            >
              <Kbd>{waiting === action.id ? "press a key" : displayCombination(keys[action.id])}</Kbd>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
