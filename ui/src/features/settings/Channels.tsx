/** Tags that move on purpose: their order and their marks. */
import { TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ChannelSetting, Settings } from "../../ipc";
import { Choice } from "../../shared/Choice";
import { IconButton } from "../../shared/IconButton";
import { ReorderHandle, useReorder } from "../../shared/Reorder";
import { TagChip } from "../../shared/tags/TagChip";
import { tagPattern } from "../../shared/tags/tagPattern";
import text from "../../shared/text.module.css";
import { wordsOf } from "./asks";
import { ChannelAsks } from "./ChannelAsks";
import { Section, Toggle } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

const marks: { value: ChannelSetting["mark"]; label: string }[] = [
  { value: "full", label: "Full dot, green" },
  { value: "half", label: "Half dot, amber" },
  { value: "ring", label: "Ring" },
];

export function Channels({ settings, save }: { settings: Settings; save: Save }) {
  const { channels } = settings;
  const [adding, setAdding] = useState(false);
  /** The channel whose requirements are being edited. */
  const [asking, setAsking] = useState<string | null>(null);
  const put = (name: string, part: Partial<ChannelSetting>) =>
    save({ channels: channels.map((channel) => (channel.name === name ? { ...channel, ...part } : channel)) });
  const move = (name: string, to: number) => {
    const moved = channels.find((channel) => channel.name === name);
    if (moved === undefined || to < 0 || to >= channels.length) return;
    const next = channels.filter((channel) => channel !== moved);
    next.splice(to, 0, moved);
    save({ channels: next });
  };
  const { rowProps, handleProps } = useReorder(move);
  return (
    <Section
      title="Channels"
      hint="tags that move on purpose, in this order"
      side={
        <button type="button" className={text.link} onClick={() => setAdding(true)}>
          Add
        </button>
      }
    >
      <div className={classes.channelHead} aria-hidden>
        <span />
        <span>Name</span>
        <span>Mark</span>
        <span>Asks first</span>
        <span>A promotion asks for</span>
      </div>
      <ul>
        {channels.map((channel, position) => (
          <li key={channel.name} className={classes.channel} {...rowProps(channel.name, position)}>
            <ReorderHandle name={channel.name} {...handleProps(channel.name, position)} />
            <span className={classes.cell}>
              <TagChip tag={{ name: channel.name, channel: channel.mark }} />
            </span>
            <span className={classes.cell}>
              <Choice
                name={`Mark of ${channel.name}`}
                variant="subtle"
                value={channel.mark}
                options={marks}
                onChange={(mark) => put(channel.name, { mark })}
              />
            </span>
            <Toggle
              label={<span className={text.hidden}>A promotion to {channel.name} asks first</span>}
              value={channel.asksFirst}
              onChange={(asksFirst) => put(channel.name, { asksFirst })}
            />
            <button
              type="button"
              className={`${classes.asks} ${text.cut}`}
              title={wordsOf(channel.requires)}
              onClick={() => setAsking(channel.name)}
            >
              <span className={text.hidden}>A promotion to {channel.name} asks for </span>
              {wordsOf(channel.requires)}
            </button>
            <IconButton
              small
              icon={IconX}
              label={`Remove ${channel.name}`}
              onClick={() => save({ channels: channels.filter((other) => other !== channel) })}
            />
          </li>
        ))}
      </ul>
      <ChannelAsks
        channel={channels.find((channel) => channel.name === asking) ?? null}
        onSave={(requires) => asking !== null && put(asking, { requires })}
        onClose={() => setAsking(null)}
      />
      {adding ? (
        <NewChannel
          taken={channels.map((channel) => channel.name)}
          onAdd={(name) => save({ channels: [...channels, { name, mark: "ring", asksFirst: false, requires: [] }] })}
          onDone={() => setAdding(false)}
        />
      ) : null}
    </Section>
  );
}

function NewChannel({ taken, onAdd, onDone }: { taken: readonly string[]; onAdd: (name: string) => void; onDone: () => void }) {
  const [name, setName] = useState("");
  const wrong = name !== "" && !tagPattern.test(name) ? "Not a tag" : taken.includes(name) ? "Already there" : null;
  const done = () => {
    if (name !== "" && wrong === null) onAdd(name);
    onDone();
  };
  return (
    <TextInput
      size="xs"
      className={classes.newName}
      aria-label="Name of the new channel"
      placeholder="Name of the tag"
      value={name}
      error={wrong}
      autoFocus
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
        if (event.key === "Escape") onDone();
      }}
    />
  );
}
