/** Puts the person's choice of theme, text size and motion on the document. */
import { useMantineColorScheme } from "@mantine/core";
import { useEffect } from "react";
import type { Settings } from "../ipc";

export function useAppearance(settings: Settings | undefined): void {
  const { setColorScheme } = useMantineColorScheme();
  const theme = settings?.theme;
  const percent = settings?.textPercent ?? 100;
  const still = settings?.lessMotion ?? false;
  useEffect(() => {
    if (theme !== undefined) setColorScheme(theme === "system" ? "auto" : theme);
  }, [theme, setColorScheme]);
  useEffect(() => {
    document.documentElement.style.setProperty("zoom", String(percent / 100));
    document.documentElement.toggleAttribute("data-less-motion", still);
  }, [percent, still]);
}
