/** A value that several parts of the window share, outside of the tree of components. */
import { useSyncExternalStore } from "react";

export interface Store<T> {
  get: () => T;
  put: (next: T) => void;
  /** The value now; the component is drawn again when it changes. */
  use: () => T;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const get = () => value;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    put: (next) => {
      value = next;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
