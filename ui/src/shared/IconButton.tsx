/** A button that is only an icon: always with a name, and its key in the tooltip. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { Icon as TablerIcon } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import { Icon } from "./Icon";

interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "color"> {
  icon: TablerIcon;
  label: string;
  /** Its key, for the tooltip. */
  hotkey?: string | undefined;
  /** 28 px with an icon of 16, or 24 px with one of 14. */
  small?: boolean;
  pressed?: boolean | undefined;
}

export function IconButton({ icon, label, hotkey, small = false, pressed, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={hotkey ? `${label} (${hotkey})` : label} disabled={rest["aria-expanded"] === true}>
      <ActionIcon size={small ? "sm" : "md"} aria-label={label} aria-pressed={pressed} {...rest}>
        <Icon of={icon} size={small ? "small" : "normal"} />
      </ActionIcon>
    </Tooltip>
  );
}
