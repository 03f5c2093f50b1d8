/** The path of a folder or an archive, with a picker; where nothing is yet, the offer to make it. */
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { NewPlace } from "../../ipc";
import * as ipc from "../../ipc";
import classes from "./ConnectionForm.module.css";
import { FormRow, markedBy } from "./FormRow";
import { formOf } from "./providers";
import { type ConnectionDraftState, errorAt } from "./useConnectionDraft";

interface FolderFieldProps {
  state: ConnectionDraftState;
  id: string;
  focus: boolean;
}

const made: Record<NewPlace, string> = { folder: "Make it: an empty folder", archive: "Make it: an empty archive" };

export function FolderField({ state, id, focus }: FolderFieldProps) {
  const { fields, change } = state;
  const place = useNewPlace(fields.address);
  // What was wanted of one path is not wanted of another.
  const changeAddress = (address: string) => change({ address, makeNew: false });
  const pick = async () => {
    const folder = await ipc.pickFolder("Choose a folder of OCI image layouts");
    if (folder !== null) changeAddress(folder);
  };
  return (
    <>
      <FormRow
        label="Folder"
        control={id}
        advice="A folder with one OCI image layout per repository, a single layout, or an oci-archive (.tar), which is one repository."
      >
        <div className={classes.picker}>
          <TextInput
            id={id}
            value={fields.address}
            placeholder={formOf("folder").addressExample}
            spellCheck={false}
            onChange={(event) => changeAddress(event.currentTarget.value)}
            {...(focus ? { "data-autofocus": true } : {})}
            {...markedBy(errorAt(state, "address"))}
          />
          <Button onClick={() => void pick()}>Choose…</Button>
        </div>
      </FormRow>
      {place === null ? null : (
        <FormRow label="" advice="Nothing is there yet. Versions can be copied into it, and it can take backups.">
          <Checkbox label={made[place]} checked={fields.makeNew} onChange={(event) => change({ makeNew: event.currentTarget.checked })} />
        </FormRow>
      )}
    </>
  );
}

/** What could be made at a path; asked when typing pauses. */
function useNewPlace(address: string): NewPlace | null {
  const [settled] = useDebouncedValue(address.trim(), 120);
  const place = useQuery({
    queryKey: ["newPlace", settled] as const,
    queryFn: () => ipc.newPlace(settled),
    enabled: settled !== "",
    // It may be made or removed by anybody.
    staleTime: 0,
    gcTime: 0,
  });
  return settled === address.trim() ? (place.data ?? null) : null;
}
