/** Tabler's icons in the measures of the look: 16 px (14 small, 12 smallest), stroke 1.6. */
import type { Icon as TablerIcon } from "@tabler/icons-react";

const sizes = { normal: 16, small: 14, smallest: 12 };

export function Icon({
  of: Shape,
  size = "normal",
  className,
}: {
  of: TablerIcon;
  size?: keyof typeof sizes;
  className?: string | undefined;
}) {
  return <Shape size={sizes[size]} stroke={1.6} className={className} aria-hidden focusable={false} style={{ flex: "none" }} />;
}
