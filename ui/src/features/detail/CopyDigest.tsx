/** A digest, shortened; a click copies all of it. */
import { IconCopy } from "@tabler/icons-react";
import { copyText } from "../../shared/clipboard";
import { longerDigest, shortDigest } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import classes from "./DetailHeader.module.css";

interface CopyDigestProps {
  digest: string;
  /** 8 digits without the algorithm, for bars and lists. */
  short?: boolean;
}

export function CopyDigest({ digest, short = false }: CopyDigestProps) {
  const shown = short ? shortDigest(digest) : `${longerDigest(digest)}…`;
  return (
    <button
      type="button"
      className={`${classes.copy} ${text.mono}`}
      title={`${digest}\nClick copies it`}
      aria-label={`Copy the digest ${shown}`}
      onClick={() => void copyDigest(digest)}
    >
      {shown}
      {short ? null : <Icon of={IconCopy} size="small" />}
    </button>
  );
}

export function copyDigest(digest: string): Promise<void> {
  return copyText(digest, "Digest copied");
}
