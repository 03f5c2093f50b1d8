/** One document of a model artifact in a dialog of its own; the focus returns to where it was. */
import type { DocumentEntry } from "../../ipc";
import { Dialog } from "../../shared/Dialog";
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
    <Dialog opened={entry !== null} onClose={onClose} title={entry?.title ?? ""} size={760}>
      {entry ? <DocumentView address={address} layerDigest={entry.digest} /> : null}
    </Dialog>
  );
}
