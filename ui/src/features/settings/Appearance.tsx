/** Theme, how sizes and times are written, text size, motion. */
import { SegmentedControl } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import type { Settings } from "../../ipc";
import { formatDay, formatRelative, useFormat } from "../../shared/format";
import { NumberField, Row, Section, Toggle } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

const themes: { value: Settings["theme"]; label: string }[] = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
const threeDays = 3 * 24 * 60 * 60_000;

export function Appearance({ settings, save }: { settings: Settings; save: Save }) {
  const { now } = useFormat();
  const still = useReducedMotion();
  const example = new Date(now - threeDays).toISOString();
  return (
    <Section title="Appearance">
      <Row label="Theme">
        <SegmentedControl<Settings["theme"]>
          aria-label="Theme"
          data={themes}
          value={settings.theme}
          onChange={(theme) => save({ theme })}
        />
      </Row>
      <Row label="Sizes">
        <SegmentedControl<Settings["sizes"]>
          aria-label="Sizes"
          data={[
            { value: "si", label: "GB" },
            { value: "iec", label: "GiB" },
          ]}
          value={settings.sizes}
          onChange={(sizes) => save({ sizes })}
        />
        <span className={classes.between}>Times</span>
        <SegmentedControl<Settings["times"]>
          aria-label="Times"
          data={[
            { value: "relative", label: formatRelative(example, now) },
            { value: "absolute", label: formatDay(example) },
          ]}
          value={settings.times}
          onChange={(times) => save({ times })}
        />
      </Row>
      <Row label="Text and motion">
        <NumberField
          label="Text size in percent"
          value={settings.textPercent}
          least={80}
          most={200}
          suffix=" %"
          onCommit={(textPercent) => save({ textPercent })}
        />
        <Toggle label="Less motion" value={settings.lessMotion} onChange={(lessMotion) => save({ lessMotion })} />
        <span className={classes.about}>(system: {still ? "on" : "off"})</span>
      </Row>
    </Section>
  );
}
