/** The person's choices for sizes and times, and a clock that ticks once a minute, given to all panes. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { formatBytes, type SizeUnits } from "./bytes";
import { formatDay, formatRelative, type TimeStyle } from "./times";

export interface Format {
  /** Milliseconds since 1970; moves on once a minute. */
  now: number;
  bytes: (value: number) => string;
  /** Short for lists: relative or absolute, as chosen in the settings. */
  when: (iso: string) => string;
}

function createFormat(sizes: SizeUnits, times: TimeStyle, now: number): Format {
  return {
    now,
    bytes: (value) => formatBytes(value, sizes),
    when: (iso) => (times === "relative" ? formatRelative(iso, now) : formatDay(iso)),
  };
}

const FormatContext = createContext<Format>(createFormat("si", "relative", Date.now()));

export function FormatProvider({ sizes, times, children }: { sizes: SizeUnits; times: TimeStyle; children: ReactNode }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const format = useMemo(() => createFormat(sizes, times, now), [sizes, times, now]);
  return <FormatContext value={format}>{children}</FormatContext>;
}

/** How sizes and times are written now. */
export function useFormat(): Format {
  return useContext(FormatContext);
}
