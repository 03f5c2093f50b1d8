/** The palette's field, its list and its foot; what is found and what a choice does is decided by who uses it. */
import { Combobox, Kbd, useCombobox } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { Icon } from "../../shared/Icon";
import { EntryContent } from "./EntryContent";
import { type Entry, type Section, wordsOf } from "./entries";
import classes from "./Palette.module.css";
import { closePalette } from "./paletteStore";

interface PaletteFrameProps {
  /** What the field is for. */
  label: string;
  text: string;
  onText: (text: string) => void;
  sections: readonly Section[];
  /** An answer is there, so that an empty list means that nothing was found. */
  settled: boolean;
  /** What Enter does. */
  verb: string;
  /** What was found, or why not. */
  status: string;
  onEntry: (entry: Entry) => void;
}

export function PaletteFrame({ label, text, onText, sections, settled, verb, status, onEntry }: PaletteFrameProps) {
  const words = useMemo(() => wordsOf(text), [text]);
  const combobox = useCombobox({ opened: true });
  const field = useRef<HTMLInputElement>(null);
  // At once, so that nothing is lost of what is typed right after the key.
  useLayoutEffect(() => field.current?.focus(), []);
  // The first one is ready for Enter whenever the list changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new list moves the mark
  useEffect(() => {
    const timer = setTimeout(() => combobox.selectFirstOption());
    return () => clearTimeout(timer);
  }, [sections]);
  const actions = sections.findIndex((section) => section.title.startsWith("Actions"));
  const submit = (id: string) => {
    const entry = sections.flatMap((section) => section.entries).find((candidate) => candidate.id === id);
    if (entry !== undefined) onEntry(entry);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.nativeEvent.isComposing) closePalette();
    if (event.key !== "Tab" || event.shiftKey) return;
    if (actions === -1) return;
    event.preventDefault();
    combobox.selectOption(sections.slice(0, actions).reduce((sum, section) => sum + section.entries.length, 0));
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={submit}
      classNames={{ option: classes.option, groupLabel: classes.groupLabel, group: classes.group }}
    >
      <div className={classes.head}>
        <Icon of={IconSearch} />
        <Combobox.EventsTarget withExpandedAttribute>
          <input
            ref={field}
            role="combobox"
            aria-expanded
            aria-autocomplete="list"
            className={classes.field}
            aria-label={label}
            placeholder={label}
            data-autofocus
            value={text}
            onChange={(event) => onText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </Combobox.EventsTarget>
        <Kbd>Esc</Kbd>
      </div>
      <Combobox.Options className={classes.list} aria-label="Found">
        {sections.map((section) => (
          <Combobox.Group key={section.title} label={section.title}>
            {section.entries.map((entry) => (
              <Combobox.Option key={entry.id} value={entry.id}>
                <EntryContent entry={entry} words={words} />
              </Combobox.Option>
            ))}
          </Combobox.Group>
        ))}
        {sections.length === 0 && settled ? (
          <Combobox.Empty className={classes.nothing}>Nothing matches “{text.trim()}”</Combobox.Empty>
        ) : null}
      </Combobox.Options>
      <div className={classes.foot}>
        <span>
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd>move
        </span>
        <span>
          <Kbd>Enter</Kbd>
          {verb}
        </span>
        {actions === -1 ? null : (
          <span>
            <Kbd>Tab</Kbd>actions
          </span>
        )}
        <span className={classes.grow} />
        <span role="status">{status}</span>
      </div>
    </Combobox>
  );
}
