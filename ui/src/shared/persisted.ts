/** Small choices that outlive the window (widths, columns, last opened). Broken or old values fall back to the first ones. */
import { useCallback, useState } from "react";
import { createStore, type Store } from "./store";

/** What is kept under `key`, once. */
export function readPersisted<T>(key: string, initial: T, parse: (value: unknown) => T | null): T {
  try {
    const text = window.localStorage.getItem(key);
    return text === null ? initial : (parse(JSON.parse(text)) ?? initial);
  } catch {
    return initial;
  }
}

/** Keeps a value under `key` for who reads it next. */
export function writePersisted(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage only means that the choice is forgotten.
  }
}

/** Like `useState`, kept under `key`. The key must not change while the component lives. */
export function usePersisted<T>(key: string, initial: T, parse: (value: unknown) => T | null): [T, (change: (before: T) => T) => void] {
  const [value, setValue] = useState(() => readPersisted(key, initial, parse));
  const update = useCallback(
    (change: (before: T) => T) =>
      setValue((before) => {
        const after = change(before);
        writePersisted(key, after);
        return after;
      }),
    [key],
  );
  return [value, update];
}

/** A kept word that several parts of the window share. */
export function createPersistedStore(key: string): Store<string | null> {
  const changes = createStore(0);
  const get = () => readPersisted<string | null>(key, null, (value) => (typeof value === "string" ? value : null));
  return {
    get,
    put: (next) => {
      writePersisted(key, next);
      changes.put(changes.get() + 1);
    },
    use: () => {
      changes.use();
      return get();
    },
  };
}

/** A plain object, for parsers of kept values. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
