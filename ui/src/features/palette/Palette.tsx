/** The palette: finds any repository, tag, digest or action; the index answers. */
import { Combobox, Kbd, Modal, useCombobox } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { toProblem } from "../../ipc";
import { searchQuery } from "../../ipc/queries/search";
import { formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useCanRun } from "../../shared/keys";
import type { LastOpened } from "../sidebar/lastOpened";
import { EntryContent } from "./EntryContent";
import { type Entry, sectionsOf, wordsOf } from "./entries";
import classes from "./Palette.module.css";
import { closePalette, usePaletteState } from "./paletteStore";

interface PaletteProps {
  recent: readonly LastOpened[];
  onEntry: (entry: Entry) => void;
}

export function Palette(props: PaletteProps) {
  const { opened, text } = usePaletteState();
  return (
    <Modal.Root opened={opened} onClose={closePalette} size={600} yOffset={80} centered={false} padding={0} returnFocus={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Command palette">{opened ? <PaletteBody {...props} initial={text} /> : null}</Modal.Content>
    </Modal.Root>
  );
}

function PaletteBody({ recent, onEntry, initial }: PaletteProps & { initial: string }) {
  const can = useCanRun();
  const [text, setText] = useState(initial);
  const answer = useQuery(searchQuery(text.trim()));
  const hits = text.trim() === "" ? undefined : answer.data;
  const sections = useMemo(() => sectionsOf(text, hits?.hits ?? [], recent, can), [text, hits, recent, can]);
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
  const submit = (id: string) => {
    const entry = sections.flatMap((section) => section.entries).find((candidate) => candidate.id === id);
    if (entry === undefined) return;
    closePalette();
    onEntry(entry);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.nativeEvent.isComposing) closePalette();
    if (event.key !== "Tab" || event.shiftKey) return;
    const before = sections.findIndex((section) => section.title.startsWith("Actions"));
    if (before === -1) return;
    event.preventDefault();
    combobox.selectOption(sections.slice(0, before).reduce((sum, section) => sum + section.entries.length, 0));
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
            aria-label="Find a tag, repository or action"
            placeholder="Find a tag, repository or action"
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
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
        {sections.length === 0 && answer.isFetched ? (
          <Combobox.Empty className={classes.nothing}>Nothing matches “{text.trim()}”</Combobox.Empty>
        ) : null}
      </Combobox.Options>
      <div className={classes.foot}>
        <span>
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd>move
        </span>
        <span>
          <Kbd>Enter</Kbd>open
        </span>
        <span>
          <Kbd>Tab</Kbd>actions
        </span>
        <span className={classes.grow} />
        <span role="status">
          {answer.error
            ? toProblem(answer.error).message
            : hits
              ? `${formatCount(hits.hits.length)} found in ${formatCount(hits.milliseconds)} ms`
              : ""}
        </span>
      </div>
    </Combobox>
  );
}
