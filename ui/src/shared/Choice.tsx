/** One of several, as a small button that names what is chosen and opens a menu. */
import { Button, Menu } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import classes from "./Choice.module.css";
import { Icon } from "./Icon";

export interface Option<T extends string> {
  value: T;
  label: string;
}

interface ChoiceProps<T extends string> {
  /** What is chosen here, for those who cannot see the place: "Platform". */
  name: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  /** Before the chosen label: "Metric: accuracy". */
  prefix?: string;
  variant?: "default" | "subtle";
}

export function Choice<T extends string>({ name, value, options, onChange, prefix = "", variant = "default" }: ChoiceProps<T>) {
  const label = options.find((option) => option.value === value)?.label ?? value;
  return (
    <Menu position="bottom-start" offset={4}>
      <Menu.Target>
        <Button
          size="xs"
          variant={variant}
          className={classes.choice}
          aria-label={`${name}: ${label}`}
          rightSection={<Icon of={IconSelector} size="smallest" className={classes.arrows} />}
        >
          {prefix}
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {options.map((option) => (
          <Menu.Item
            key={option.value}
            role="menuitemradio"
            aria-checked={option.value === value}
            rightSection={option.value === value ? <Icon of={IconCheck} size="small" /> : null}
            onClick={() => onChange(option.value)}
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
