/** Which tag moves: one of the channels, or any other that is typed. */
import { Button, Menu, TextInput } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useState } from "react";
import type { ChannelSetting } from "../../../ipc";
import { Icon } from "../../../shared/Icon";
import { TagChip } from "../../../shared/tags/TagChip";
import { tagPattern } from "../../../shared/tags/tagPattern";
import classes from "./PromoteDialog.module.css";

interface TargetChoiceProps {
  channels: readonly ChannelSetting[];
  value: string;
  onChange: (tag: string) => void;
}

export function TargetChoice({ channels, value, onChange }: TargetChoiceProps) {
  const [typing, setTyping] = useState(false);
  const [typed, setTyped] = useState("");
  const markOf = (name: string) => channels.find((channel) => channel.name === name)?.mark ?? null;
  const wrong = typed !== "" && !tagPattern.test(typed);
  const take = () => {
    if (typed !== "" && !wrong) onChange(typed);
    setTyping(false);
  };
  if (typing) {
    return (
      <TextInput
        aria-label="Tag to move"
        placeholder="Name of the tag"
        value={typed}
        error={wrong ? "Not a tag" : null}
        autoFocus
        className={classes.typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          // Neither confirms the dialog nor closes it.
          if (event.key === "Enter" || event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
          }
          if (event.key === "Enter") take();
          if (event.key === "Escape") setTyping(false);
        }}
      />
    );
  }
  return (
    <Menu position="bottom-start" offset={4} width="target">
      <Menu.Target>
        <Button
          aria-label={`Tag to move: ${value}`}
          className={classes.target}
          justify="space-between"
          rightSection={<Icon of={IconSelector} size="smallest" />}
        >
          <TagChip tag={{ name: value, channel: markOf(value) }} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.targets}>
        {channels.map(({ name, mark }) => (
          <Menu.RadioItem
            key={name}
            value={name}
            checked={name === value}
            checkIcon={<Icon of={IconCheck} size="small" />}
            onChange={() => onChange(name)}
          >
            <TagChip tag={{ name, channel: mark }} />
          </Menu.RadioItem>
        ))}
        <Menu.Item
          onClick={() => {
            setTyped("");
            setTyping(true);
          }}
        >
          Another tag…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
