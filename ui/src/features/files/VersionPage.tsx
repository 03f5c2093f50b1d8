/** One version as a page. */
export interface VersionPageProps {
  connectionId: string;
  repository: string;
  digest: string;
  tab: string;
  onClose: () => void;
}

export function VersionPage(_: VersionPageProps) {
  return null;
}
