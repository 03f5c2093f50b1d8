/** The head of the pane: the version's name, its other tags, its digest to copy, whether it is signed. */
import { IconArrowsDiagonal, IconX } from "@tabler/icons-react";
import type { VersionDetail } from "../../ipc";
import { IconButton } from "../../shared/IconButton";
import text from "../../shared/text.module.css";
import { PromoteButton } from "../changes/promote/PromoteButton";
import { CompareButton } from "../compare/CompareButton";
import { CopyDigest } from "./CopyDigest";
import classes from "./DetailHeader.module.css";
import type { VersionAddress } from "./detailQueries";
import { SignedMark } from "./SignedMark";
import { TagList } from "./TagList";
import { versionName } from "./versionName";

interface DetailHeaderProps {
  /** undefined: not known yet. */
  detail: VersionDetail | undefined;
  address: VersionAddress;
  onOpenPage: () => void;
  onClose: () => void;
}

export function DetailHeader({ detail, address, onOpenPage, onClose }: DetailHeaderProps) {
  const { digest } = address;
  return (
    <header className={classes.header}>
      <div className={classes.first}>
        <h2 className={`${text.title} ${text.cut} ${text.grow}`} title={versionName(detail, digest)}>
          {versionName(detail, digest)}
        </h2>
        <IconButton small icon={IconArrowsDiagonal} label="Open as a page" hotkey="Enter" onClick={onOpenPage} />
        <IconButton small icon={IconX} label="Close" hotkey="Esc" onClick={onClose} />
      </div>
      {detail ? <TagList tags={detail.tags} limit={12} at={address} /> : null}
      <div className={classes.digest}>
        <CopyDigest digest={digest} />
        <span className={text.grow} />
        {detail?.signed ? <SignedMark /> : null}
      </div>
      <div className={classes.actions}>
        <PromoteButton address={address} />
        <CompareButton address={address} />
      </div>
    </header>
  );
}
