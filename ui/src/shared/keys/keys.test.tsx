import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { type ActionId, actions, keysOf } from "./actions";
import { combinationOf, displayCombination } from "./combination";
import { KeysProvider, useAction } from "./KeysProvider";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("what was pressed", () => {
  it("is written as in the settings", () => {
    expect(combinationOf({ ...plain, key: "k", ctrlKey: true }, false)).toBe("Ctrl+K");
    expect(combinationOf({ ...plain, key: "k", metaKey: true }, true)).toBe("Ctrl+K");
    expect(combinationOf({ ...plain, key: "k", ctrlKey: true }, true)).toBe("K");
    expect(combinationOf({ ...plain, key: "Y", shiftKey: true }, false)).toBe("Shift+Y");
    expect(combinationOf({ ...plain, key: "?", shiftKey: true }, false)).toBe("?");
    expect(combinationOf({ ...plain, key: "ArrowLeft", altKey: true }, false)).toBe("Alt+Left");
    expect(combinationOf({ ...plain, key: "Shift", shiftKey: true }, false)).toBeNull();
  });

  it("is shown with the signs of the system", () => {
    expect(displayCombination("Ctrl+Shift+K", true)).toBe("⌘⇧K");
    expect(displayCombination("Ctrl+Shift+K", false)).toBe("Ctrl+Shift+K");
  });
});

describe("the keys of actions", () => {
  it("are each another one", () => {
    expect(new Set(actions.map((action) => action.key)).size).toBe(actions.length);
  });

  it("are as the person changed them; what Berth does not know is left out", () => {
    const keys = keysOf([
      { action: "chart", key: "G" },
      { action: "toString", key: "X" },
      { action: "explode", key: "Y" },
    ]);
    expect(keys.chart).toBe("G");
    expect(keys.palette).toBe("Ctrl+K");
    expect(Object.keys(keys)).toHaveLength(actions.length);
  });
});

function Does({ action, does, enabled = true }: { action: ActionId; does: () => void; enabled?: boolean }) {
  useAction(action, does, enabled);
  return null;
}

describe("a key", () => {
  const done: string[] = [];
  const show = (changed: { action: string; key: string }[] = [], dialog = false) => {
    done.length = 0;
    render(
      <KeysProvider changed={changed}>
        <Does action="palette" does={() => done.push("palette")} />
        <Does action="chart" does={() => done.push("outer chart")} />
        <Does action="chart" does={() => done.push("chart")} />
        <Does action="filterRepositories" does={() => done.push("filter")} />
        <Does action="sync" does={() => done.push("sync")} enabled={false} />
        <button type="button" data-list>
          list
        </button>
        <input aria-label="field" />
        {dialog ? (
          <div role="dialog" aria-modal="true">
            <button type="button">inside</button>
          </div>
        ) : null}
      </KeysProvider>,
    );
    return userEvent.setup();
  };

  it("with Ctrl works anywhere; the innermost that listens answers", async () => {
    const user = show();
    await user.keyboard("{Control>}k{/Control}");
    await user.click(screen.getByText("list"));
    await user.keyboard("m");
    expect(done).toEqual(["palette", "chart"]);
  });

  it("that is a letter is a letter in a field, and works only in a list", async () => {
    const user = show();
    await user.keyboard("m");
    await user.type(screen.getByLabelText("field"), "m/");
    expect(done).toEqual([]);
    expect(screen.getByLabelText<HTMLInputElement>("field").value).toBe("m/");
    await user.keyboard("{Control>}k{/Control}");
    expect(done).toEqual(["palette"]);
  });

  it("belongs to an open dialog, before it has the focus too", async () => {
    const user = show([], true);
    await user.click(screen.getByText("inside"));
    await user.keyboard("{Control>}k{/Control}/");
    await user.click(screen.getByText("list"));
    await user.keyboard("m");
    expect(done).toEqual([]);
  });

  it("does nothing where nobody listens, and moves when it is changed", async () => {
    const user = show([{ action: "chart", key: "G" }]);
    await user.click(screen.getByText("list"));
    await user.keyboard("{F5}mg");
    expect(done).toEqual(["chart"]);
  });
});
