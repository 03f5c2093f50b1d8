/** Renders a component with everything around it that it has in the window, against a double of the program. */
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { createQueryClient } from "../app/queryClient";
import { answer } from "../ipc/double/answer";
import { createWorld } from "../ipc/double/world";
import { KeysProvider } from "../shared/keys";
import { theme } from "../theme/theme";

interface Call {
  command: string;
  given: Record<string, unknown>;
}

/** Answers of a test's own; `undefined` leaves the command to the double. */
type Instead = (command: string, given: Record<string, unknown>) => unknown;

export function renderWithDouble(component: ReactNode, { wanted = "", instead }: { wanted?: string; instead?: Instead } = {}) {
  clearMocks();
  const world = createWorld(wanted);
  const calls: Call[] = [];
  mockIPC((command, payload) => {
    const given = (payload ?? {}) as Record<string, unknown>;
    calls.push({ command, given });
    const own = instead?.(command, given);
    return own === undefined ? answer(world, command, payload) : own;
  });
  const user = userEvent.setup();
  const rendered = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={createQueryClient()}>
        <KeysProvider changed={[]}>
          {component}
          <Notifications transitionDuration={0} />
        </KeysProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...rendered, user, world, calls };
}
