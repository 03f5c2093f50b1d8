/** The files of a version as a page: what reading costs, the reading, then the files themselves. */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { useEscape } from "../../shared/keys";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { ReadingProgress, useReading } from "../../shared/reading";
import type { VersionAddress } from "../detail/detailQueries";
import { FilesTeaser } from "./FilesTeaser";
import { FilesView } from "./FilesView";
import view from "./FilesView.module.css";
import { filesCostQuery, filesQuery } from "./filesQueries";
import { VersionColumns } from "./VersionColumns";
import page from "./VersionPage.module.css";

interface FilesTabProps {
  address: VersionAddress;
  detail: VersionDetail;
  platform: string | null;
  onPlatform: (platform: string) => void;
}

export function FilesTab({ address, detail, platform, onPlatform }: FilesTabProps) {
  const queryClient = useQueryClient();
  const { reading, report, reset } = useReading();
  const [wanted, setWanted] = useState(false);
  const cost = useQuery({ ...filesCostQuery(address, platform), enabled: detail.filesReadable });
  const query = filesQuery(address, platform, report);
  const files = useQuery({ ...query, enabled: wanted || cost.data?.bytesToRead === 0 });
  const cancel = () => {
    setWanted(false);
    void queryClient.cancelQueries({ queryKey: query.queryKey });
  };
  useEscape(cancel, files.isFetching);
  const read = () => {
    reset();
    setWanted(true);
    if (files.error) void files.refetch();
  };
  if (files.data && !files.isFetching) {
    return (
      <FilesView
        key={files.data.view}
        address={address}
        detail={detail}
        platform={platform}
        summary={files.data}
        onReadAgain={() => void files.refetch()}
      />
    );
  }
  return (
    <VersionColumns address={address} detail={detail} onPlatform={onPlatform}>
      <div className={page.content} role="tabpanel" aria-label="Files">
        {files.isFetching ? (
          <div className={view.reading}>
            <ReadingProgress title="Reading the files" reading={reading} onCancel={cancel} />
          </div>
        ) : (
          <>
            {files.error && !ipc.isCancelled(files.error) ? (
              <ProblemStrip
                problem={ipc.toProblem(files.error)}
                still="The layers that were read are kept."
                action={{ label: "Try again", run: read }}
              />
            ) : null}
            <FilesTeaser
              address={address}
              detail={detail}
              platform={platform}
              action={
                <Button variant="filled" onClick={read}>
                  Read the files
                </Button>
              }
            />
          </>
        )}
      </div>
    </VersionColumns>
  );
}
