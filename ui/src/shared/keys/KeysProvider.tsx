/** One listener for all keys. A pane says what it does for an action while it is on screen; the last one said wins. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { type ActionId, actions, keysOf } from "./actions";
import { combinationOf, displayCombination, isTyping } from "./combination";

type Handler = () => void;

interface Keys {
  keys: Record<ActionId, string>;
  register: (action: ActionId, handler: Handler) => () => void;
  run: (action: ActionId) => void;
  /** Whether anything on screen does something for it. */
  can: (action: ActionId) => boolean;
}

const KeysContext = createContext<Keys | null>(null);

interface KeysProviderProps {
  changed: readonly { action: string; key: string }[];
  children: ReactNode;
}

export function KeysProvider({ changed, children }: KeysProviderProps) {
  const handlers = useRef(new Map<ActionId, Handler[]>());
  const value = useMemo<Keys>(() => {
    const run = (action: ActionId) => handlers.current.get(action)?.at(-1)?.();
    const register = (action: ActionId, handler: Handler) => {
      handlers.current.set(action, [...(handlers.current.get(action) ?? []), handler]);
      return () =>
        handlers.current.set(
          action,
          (handlers.current.get(action) ?? []).filter((other) => other !== handler),
        );
    };
    const can = (action: ActionId) => (handlers.current.get(action)?.length ?? 0) > 0;
    return { keys: keysOf(changed), register, run, can };
  }, [changed]);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const combination = combinationOf(event);
      const action = actions.find((candidate) => value.keys[candidate.id] === combination);
      if (combination === null || action === undefined || !mayRun(event, combination, action.scope)) return;
      if (!value.can(action.id)) return;
      event.preventDefault();
      value.run(action.id);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [value]);

  return <KeysContext value={value}>{children}</KeysContext>;
}

/** In a text field it takes back what was typed. */
const textUndo = "Ctrl+Z";

/** Letters belong to text fields first, and to a list only while it has the focus. An open dialog keeps all keys. */
function mayRun(event: KeyboardEvent, combination: string, scope: "window" | "list"): boolean {
  const target = event.target instanceof Element ? event.target : null;
  // It may be open before it has the focus.
  if (document.querySelector("[role=dialog][aria-modal=true]") !== null) return false;
  const inText = target?.matches("input:not([type=checkbox]):not([type=radio]), textarea, [contenteditable=true]") ?? false;
  if (inText && (isTyping(combination) || combination === textUndo)) return false;
  return scope === "window" || !isTyping(combination) || target?.closest("[data-list]") != null;
}

function useKeys(): Keys {
  const keys = useContext(KeysContext);
  if (keys === null) throw new Error("keys are used outside of KeysProvider");
  return keys;
}

/** Does this for the action while the component is on screen (and `enabled`). */
export function useAction(action: ActionId, handler: Handler, enabled = true): void {
  const { register } = useKeys();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => (enabled ? register(action, () => latest.current()) : undefined), [register, action, enabled]);
}

/** Runs an action by name, as its key would. */
export function useRunAction(): (action: ActionId) => void {
  return useKeys().run;
}

/** Tells whether an action does anything where the window is now. */
export function useCanRun(): (action: ActionId) => boolean {
  return useKeys().can;
}

/** The key of an action as people read it. */
export function useKeyName(action: ActionId): string {
  return displayCombination(useKeys().keys[action]);
}

/** All keys now, by action. */
export function useKeyNames(): Record<ActionId, string> {
  return useKeys().keys;
}
