/** Which panes are open and how wide they are; kept from one start to the next. */
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { asRecord, usePersisted } from "../shared/persisted";

export interface PaneLayout {
  open: boolean;
  /** Pixels, the line beside the pane included. */
  width: number;
}

export interface Widths {
  initial: number;
  least: number;
  most: number;
}

export const sidebarWidths: Widths = { initial: 216, least: 160, most: 400 };
export const detailWidths: Widths = { initial: 310, least: 280, most: 520 };

/** Under this width the detail floats over the table. */
const narrowWindow = "(max-width: 1119px)";

/** A kept layout; a width out of its range or of another kind becomes the first one. */
export function parsePane(widths: Widths): (value: unknown) => PaneLayout | null {
  return (value) => {
    const kept = asRecord(value);
    if (kept === null) return null;
    const width = typeof kept.width === "number" ? Math.min(widths.most, Math.max(widths.least, kept.width)) : widths.initial;
    return { open: kept.open !== false, width };
  };
}

export interface Pane extends PaneLayout {
  setOpen: (open: boolean) => void;
  setWidth: (width: number) => void;
}

function usePane(key: string, widths: Widths): Pane {
  const [layout, change] = usePersisted(key, { open: true, width: widths.initial }, parsePane(widths));
  return {
    ...layout,
    setOpen: (open) => change((before) => ({ ...before, open })),
    setWidth: (width) => change((before) => ({ ...before, width })),
  };
}

export function useSidebarPane(): Pane {
  return usePane("berth.sidebar", sidebarWidths);
}

/** The detail beside the table, or floating over it; what floats is closed at first and its state is not kept. */
export function useDetailPane(): Pane & { floats: boolean } {
  const floats = useMediaQuery(narrowWindow, undefined, { getInitialValueInEffect: false }) ?? false;
  const pane = usePane("berth.detail", detailWidths);
  const [floatOpen, setFloatOpen] = useState(false);
  return floats ? { ...pane, open: floatOpen, setOpen: setFloatOpen, floats } : { ...pane, floats };
}

/** Pixels of a pane as the splitter tells them; the line beside it counts as part of it. */
export function paneWidth(size: unknown, widths: Widths): number {
  const value = typeof size === "string" ? Number.parseFloat(size) : Number.NaN;
  return Number.isNaN(value) ? widths.initial : Math.round(value) + 1;
}
