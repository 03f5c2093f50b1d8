/** What is known of the selected file or folder. */
import type { FileNode, FilesSummary, VersionDetail } from "../../ipc";
import { counted, formatClock, formatCount, formatDay, formatFull, shortDigest, unknown, useFormat } from "../../shared/format";
import { LayerSwatch } from "../../shared/layers";
import text from "../../shared/text.module.css";
import { Section } from "../detail/Section";
import classes from "./FilesView.module.css";
import { pathInside } from "./treeRows";

interface SelectedEntryProps {
  node: FileNode;
  detail: VersionDetail;
  summary: FilesSummary;
}

export function SelectedEntry({ node, detail, summary }: SelectedEntryProps) {
  const { bytes } = useFormat();
  const digest = node.packedLayer ?? (node.layers.length === 1 ? (node.layers[0]?.digest ?? null) : null);
  const layer = detail.layers.find((candidate) => candidate.digest === digest);
  const packed = summary.layers.find((candidate) => candidate.digest === digest)?.packedBytes;
  return (
    <Section title="Selected">
      <div className={classes.path}>{pathInside(node.path) === "" ? "All of the layer" : pathInside(node.path)}</div>
      <dl className={text.keyValues}>
        <dt>Size</dt>
        <dd>{counted(node.sizeBytes, "byte")}</dd>
        {node.kind === "directory" ? (
          <>
            <dt>Files</dt>
            <dd>{formatCount(node.files)}</dd>
          </>
        ) : null}
        <dt>Mode, owner</dt>
        <dd className={text.cut}>
          <span className={text.mono}>{node.mode === "" ? unknown : node.mode}</span> {node.owner}
        </dd>
        <dt>Changed</dt>
        <dd title={node.modified === null ? "The archive holds no time" : formatFull(node.modified)}>
          {node.modified === null ? unknown : `${formatDay(node.modified)}, ${formatClock(node.modified)}`}
        </dd>
        {node.linkTarget === null ? null : (
          <>
            <dt>Leads to</dt>
            <dd className={`${text.mono} ${text.cut}`} title={node.linkTarget}>
              {node.linkTarget}
            </dd>
          </>
        )}
        {digest === null ? null : (
          <>
            <dt>Layer</dt>
            <dd className={classes.layerFact}>
              <LayerSwatch digest={digest} />
              <span className={text.mono} title={digest}>
                {shortDigest(digest)}
              </span>
              {packed === undefined ? null : <span className={text.dim}>{bytes(packed)} packed</span>}
            </dd>
          </>
        )}
        {layer?.createdBy ? (
          <>
            <dt>Command</dt>
            <dd className={`${text.mono} ${text.cut}`} title={layer.createdBy}>
              {layer.createdBy}
            </dd>
          </>
        ) : null}
        {node.hidden ? (
          <>
            <dt>Seen</dt>
            <dd>Never: a later layer hides it</dd>
          </>
        ) : null}
      </dl>
    </Section>
  );
}
