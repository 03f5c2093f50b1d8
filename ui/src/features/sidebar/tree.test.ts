import { describe, expect, it } from "vitest";
import type { ConnectionInfo, RepositoryRow } from "../../ipc";
import { pictureConnections } from "../../ipc/double/data/connections";
import { parentIndex, type TreeRow, treeRows } from "./tree";

const [connection] = pictureConnections as [ConnectionInfo];
const repository = (name: string, pinned = false): RepositoryRow => ({
  name,
  tags: 10,
  versions: 7,
  sizeBytes: null,
  updated: null,
  pinned,
  problem: null,
});
const some = ["a/one", "a/two", "a/deep/three", "b/four", "five", "six"].map((name) => repository(name));
const many = [...some, ...Array.from({ length: 20 }, (_, number) => repository(`c/${number}`))];
const noView = { toggled: {}, filter: "", selected: null };
const names = (rows: TreeRow[]) => rows.map((row) => ("name" in row ? `${"  ".repeat(row.level - 2)}${row.name}` : row.kind));

describe("the tree", () => {
  it("lists a few repositories flat, with their whole names", () => {
    expect(names(treeRows([{ connection, repositories: many.slice(0, 3) }], noView))).toEqual([
      "connection",
      "a/one",
      "a/two",
      "a/deep/three",
    ]);
  });

  it("makes folders of many, with the sum of their tags, and opens the one that holds what is selected", () => {
    const rows = treeRows([{ connection, repositories: many }], {
      ...noView,
      selected: { connectionId: connection.id, repository: "a/deep/three" },
    });
    expect(names(rows)).toEqual(["connection", "a", "  deep", "    three", "  one", "  two", "b", "c", "five", "six"]);
    expect(rows[1]).toMatchObject({ kind: "folder", tags: 30, open: true, position: 1, siblings: 5 });
    expect(rows.at(-1)).toMatchObject({ position: 5, siblings: 5 });
    expect(parentIndex(rows, 3)).toBe(2);
    expect(parentIndex(rows, 0)).toBe(0);
  });

  it("shows all of a few folders open at first", () => {
    const rows = treeRows([{ connection, repositories: some }], noView);
    expect(names(rows)).toEqual(["connection", "a", "  deep", "    three", "  one", "  two", "b", "  four", "five", "six"]);
  });

  it("keeps what a person opened and closed", () => {
    const closed = treeRows([{ connection, repositories: many }], { ...noView, toggled: { [`connection ${connection.id}`]: false } });
    expect(names(closed)).toEqual(["connection"]);
    const opened = treeRows([{ connection, repositories: many }], { ...noView, toggled: { [`folder ${connection.id} b`]: true } });
    expect(names(opened)).toContain("  four");
  });

  it("filters by every word, flat, and leaves out connections without a match", () => {
    const view = { ...noView, filter: "A  ee" };
    expect(
      names(
        treeRows(
          [
            { connection, repositories: many },
            { connection, repositories: [repository("b")] },
          ],
          view,
        ),
      ),
    ).toEqual(["connection", "a/deep/three"]);
  });

  it("puts pinned ones first", () => {
    const rows = treeRows([{ connection, repositories: [...many, repository("z/last", true)] }], noView);
    expect(names(rows)[1]).toBe("z/last");
  });

  it("says what is wrong or missing in a connection", () => {
    const note = (part: Partial<ConnectionInfo>, repositories: RepositoryRow[] | undefined = many) =>
      treeRows([{ connection: { ...connection, ...part }, repositories }], noView).find((row) => row.kind === "note")?.note;
    expect(note({})).toBeUndefined();
    expect(note({ loginState: "expired" })).toBe("expired");
    expect(note({ problem: { code: "denied", message: "no", hint: null, retryable: false } })).toBe("problem");
    expect(note({}, [])).toBe("none");
    expect(treeRows([{ connection, repositories: undefined }], noView).map((row) => row.kind)).toEqual(["connection", "note"]);
  });

  it("holds 50,000 repositories as few rows", () => {
    const repositories = Array.from({ length: 50_000 }, (_, position) => repository(`team-${position % 500}/model-${position}`));
    expect(treeRows([{ connection, repositories }], noView)).toHaveLength(501);
  });
});
