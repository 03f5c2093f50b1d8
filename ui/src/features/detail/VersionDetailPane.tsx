/** The detail of one version, beside the table. */
export interface VersionDetailPaneProps {
  connectionId: string;
  repository: string;
  digest: string;
  platform: string | null;
  onOpenPage: (tab?: string) => void;
  onClose: () => void;
}

export function VersionDetailPane(_: VersionDetailPaneProps) {
  return null;
}
