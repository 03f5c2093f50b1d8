/** One document of a model artifact in a dialog of its own; the focus returns to where it was. */
import { Modal } from "@mantine/core";
import type { DocumentEntry } from "../../ipc";
import type { VersionAddress } from "../detail/detailQueries";
import { DocumentView } from "./DocumentView";

interface DocumentDialogProps {
  address: VersionAddress;
  /** null: closed. */
  entry: DocumentEntry | null;
  onClose: () => void;
}

export function DocumentDialog({ address, entry, onClose }: DocumentDialogProps) {
  return (
    <Modal opened={entry !== null} onClose={onClose} title={entry?.title ?? ""} size={760} closeButtonProps={{ "aria-label": "Close" }}>
      {entry ? <DocumentView address={address} layerDigest={entry.digest} /> : null}
    </Modal>
  );
}
