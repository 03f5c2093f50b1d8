/** The files that were read: tools, icicle and tree, which select each other; layers and facts at the right. */
import { Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { FileNode, FilesOptions, FilesSummary, VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { counted, longerDigest, useFormat } from "../../shared/format";
import { ProblemStrip } from "../../shared/ProblemStrip";
import type { VersionAddress } from "../detail/detailQueries";
import { Nothing } from "../detail/Nothing";
import { versionName } from "../detail/versionName";
import { CopyPath, FilesAside } from "./FilesAside";
import { FilesTools } from "./FilesTools";
import { FilesTree } from "./FilesTree";
import classes from "./FilesView.module.css";
import { icicleQuery } from "./filesQueries";
import { Icicle } from "./Icicle";
import { PageColumns } from "./PageColumns";
import type { TreeRow } from "./treeRows";
import { useFileTree } from "./useFileTree";
import { useRevealed } from "./useRevealed";

interface FilesViewProps {
  address: VersionAddress;
  detail: VersionDetail;
  platform: string | null;
  summary: FilesSummary;
  onReadAgain: () => void;
}

const everything: FilesOptions = { layers: null, byLayer: false, whiteouts: true, text: "", onlyHidden: false };

export function FilesView({ address, detail, platform, summary, onReadAgain }: FilesViewProps) {
  const { bytes } = useFormat();
  const [options, setOptions] = useState(everything);
  const [text] = useDebouncedValue(options.text.trim(), 180);
  const asked = useMemo(() => ({ ...options, text }), [options, text]);
  const change = useCallback((changed: Partial<FilesOptions>) => setOptions((before) => ({ ...before, ...changed })), []);
  const icicle = useQuery(icicleQuery(summary.view, asked));
  const whole = asked.layers === null && asked.text === "" && !asked.onlyHidden && !asked.byLayer;
  const totals = { sizeBytes: icicle.data?.sizeBytes ?? (whole ? summary.sizeBytes : null), files: whole ? summary.files : null };
  const tree = useFileTree(summary.view, asked, totals);
  const [selected, setSelected] = useState<{ key: string; node: FileNode | null } | null>(null);
  const table = useRef<HTMLDivElement>(null);
  // The button that started the reading is gone: the tree takes the focus, unless somebody went elsewhere meanwhile.
  useEffect(() => {
    if (document.activeElement === document.body) table.current?.focus({ preventScroll: true });
  }, []);
  const select = useCallback((row: TreeRow) => setSelected({ key: row.key, node: row.type === "node" ? row.node : null }), []);
  const revealed = useRevealed(tree, (node) => {
    setSelected({ key: node.path, node });
    table.current?.focus({ preventScroll: true });
  });
  const layerNames = useMemo(() => new Map(summary.layers.map((layer) => [layer.digest, layer.name])), [summary.layers]);
  const layerName = useCallback((digest: string) => layerNames.get(digest) ?? longerDigest(digest), [layerNames]);
  const sum = whole
    ? `${bytes(summary.sizeBytes)} in ${counted(summary.files, "file")}`
    : totals.sizeBytes === null
      ? ""
      : `${bytes(totals.sizeBytes)} shown of ${bytes(summary.sizeBytes)}`;
  const node = selected?.node ?? null;
  const problem = icicle.error ? ipc.toProblem(icicle.error) : tree.problem;
  return (
    <PageColumns
      label="Layers and the selected file"
      side={<FilesAside detail={detail} summary={summary} options={options} selected={node} onChange={change} />}
      foot={node === null ? null : <CopyPath node={node} />}
    >
      <div className={classes.main} role="tabpanel" aria-label="Files">
        <FilesTools options={options} sum={sum} onChange={change} />
        {summary.truncated ? (
          <p className={classes.truncated}>The archive is larger than Berth reads; what is shown is not all of it.</p>
        ) : null}
        {problem ? <ProblemStrip problem={problem} action={{ label: "Read again", run: onReadAgain }} /> : null}
        {icicle.data ? (
          <Icicle root={icicle.data} selected={node?.path ?? null} layerName={layerName} onSelect={revealed} />
        ) : (
          <IcicleUnknown />
        )}
        {tree.rows.length === 0 ? (
          <Nothing>{asked.text === "" ? "No files in the layers that are shown." : `No file matches “${asked.text}”.`}</Nothing>
        ) : (
          <FilesTree
            tree={tree}
            label={`Files of ${versionName(detail, address.digest)}${platform === null ? "" : `, ${platform}`}`}
            selected={selected?.key ?? null}
            onSelect={select}
            layerName={layerName}
            scroller={table}
          />
        )}
      </div>
    </PageColumns>
  );
}

function IcicleUnknown() {
  return (
    <div className={classes.icicleUnknown} aria-busy="true">
      <Skeleton height={19} />
      <Skeleton height={19} width="72%" />
    </div>
  );
}
