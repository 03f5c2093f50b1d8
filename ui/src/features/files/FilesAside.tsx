/** Beside the files: the layers to show, what later layers hide, and the facts of the selected entry. */

import { Button } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import type { FileNode, FilesLayer, FilesOptions, FilesSummary, VersionDetail } from "../../ipc";
import { CheckBox } from "../../shared/CheckBox";
import { copyText } from "../../shared/clipboard";
import { counted, formatCount, longerDigest, useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { focusLayer, LayerSwatch } from "../../shared/layers";
import text from "../../shared/text.module.css";
import { RowList } from "../detail/RowList";
import { Section } from "../detail/Section";
import classes from "./FilesView.module.css";
import { SelectedEntry } from "./SelectedEntry";
import { pathInside } from "./treeRows";

interface FilesAsideProps {
  detail: VersionDetail;
  summary: FilesSummary;
  options: FilesOptions;
  selected: FileNode | null;
  onChange: (changed: Partial<FilesOptions>) => void;
}

export function FilesAside({ detail, summary, options, selected, onChange }: FilesAsideProps) {
  const { bytes } = useFormat();
  const shown = new Set(options.layers ?? summary.layers.map((layer) => layer.digest));
  const toggle = (layer: FilesLayer) => {
    const next = new Set(shown);
    if (!next.delete(layer.digest)) next.add(layer.digest);
    const all = summary.layers.every((candidate) => next.has(candidate.digest));
    onChange({ layers: all ? null : [...next] });
  };
  return (
    <>
      <Section title="Layers" note="files, uncompressed" figure={bytes(summary.sizeBytes)}>
        <RowList
          label="Layers to show"
          multiple
          items={summary.layers}
          keyOf={(layer, position) => `${layer.digest} ${position}`}
          selected={(layer) => shown.has(layer.digest)}
          titleOf={(layer) => `${layer.name}\n${bytes(layer.packedBytes)} packed`}
          onAct={toggle}
          onPoint={(layer, x, y) =>
            focusLayer(layer === null ? null : { digest: layer.digest, text: `${longerDigest(layer.digest)} · ${layer.name}`, x, y })
          }
        >
          {(layer) => (
            <>
              <CheckBox state={shown.has(layer.digest) ? "on" : "off"} />
              <LayerSwatch digest={layer.digest} />
              <span className={`${text.grow} ${text.cut}`}>{layer.name}</span>
              <span className={`${text.number} ${text.dim} ${classes.files}`}>{formatCount(layer.files)}</span>
              <span className={`${text.number} ${text.middle} ${classes.bytes}`}>{bytes(layer.sizeBytes)}</span>
            </>
          )}
        </RowList>
      </Section>
      <Hidden summary={summary} options={options} onChange={onChange} />
      {selected ? <SelectedEntry node={selected} detail={detail} summary={summary} /> : null}
    </>
  );
}

export function CopyPath({ node }: { node: FileNode }) {
  return (
    <div className={classes.asideFoot}>
      <Button
        size="xs"
        leftSection={<Icon of={IconCopy} size="small" />}
        onClick={() => void copyText(`/${pathInside(node.path)}`, "Path copied")}
      >
        Copy path
      </Button>
    </div>
  );
}

/** Bytes that are stored and pulled although nobody sees them. */
function Hidden({ summary, options, onChange }: Pick<FilesAsideProps, "summary" | "options" | "onChange">) {
  const { bytes } = useFormat();
  if (summary.hiddenFiles === 0 && summary.whiteouts === 0) return null;
  return (
    <Section title="Hidden by later layers" figure={bytes(summary.hiddenBytes)}>
      <p className={`${text.small} ${text.middle}`}>
        {counted(summary.whiteouts, "whiteout")} and {counted(summary.hiddenFiles, "file")} removed or overwritten. Stored and pulled, never
        seen.{" "}
        <button type="button" className={text.link} onClick={() => onChange({ onlyHidden: !options.onlyHidden })}>
          {options.onlyHidden ? "Show all files" : "Show only these"}
        </button>
      </p>
    </Section>
  );
}
