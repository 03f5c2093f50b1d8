/** F6: the focus goes to the next pane, to its list if it has one. */
export function focusNextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")];
  if (panes.length === 0) return;
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(current + 1) % panes.length];
  const target = next?.querySelector<HTMLElement>("[data-pane-focus]") ?? next?.querySelector<HTMLElement>("button, [tabindex='0'], input");
  target?.focus();
}
