/** Icons in Tabler's style that Tabler does not have. */
import { createReactComponent } from "@tabler/icons-react";

/** A shield with the check inside it; Tabler's own stands beside its shield and is lost at 14 px. */
export const IconSigned = createReactComponent("outline", "signed", "Signed", [
  ["path", { d: "M12 3a12 12 0 0 0 8.5 3a12 12 0 0 1 -8.5 15a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3", key: "shield" }],
  ["path", { d: "M8.5 12l2.5 2.5l4.5 -5", key: "check" }],
]);
