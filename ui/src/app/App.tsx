/** The providers around the window: tokens, queries, formats. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "../theme/tokens.css";
import "../theme/global.css";
import { useState } from "react";
import { cssVariablesResolver, theme } from "../theme/theme";
import { createQueryClient } from "./queryClient";
import { Window } from "./Window";

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Window />
      </QueryClientProvider>
    </MantineProvider>
  );
}
