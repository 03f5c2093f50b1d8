/** What a version must have before a promotion moves a channel to it, to be chosen. */
import { Button, Checkbox } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { type ChannelRequirement, type ChannelSetting, type Problem, pickFile, publicKeyFile, toProblem } from "../../ipc";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { IconButton } from "../../shared/IconButton";
import { NamesInput } from "../../shared/NamesInput";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { type Asked, askedOf, isBound, keyEnd, requirementsOf } from "./asks";
import classes from "./ChannelAsks.module.css";

interface ChannelAsksProps {
  /** null: closed. */
  channel: ChannelSetting | null;
  onSave: (requires: ChannelRequirement[]) => void;
  onClose: () => void;
}

export function ChannelAsks({ channel, onSave, onClose }: ChannelAsksProps) {
  return (
    <Dialog opened={channel !== null} onClose={onClose} title={`What ${channel?.name ?? ""} asks for`} size={440}>
      {channel ? <Form key={channel.name} channel={channel} onSave={onSave} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Form({ channel, onSave, onClose }: ChannelAsksProps & { channel: ChannelSetting }) {
  const [asked, setAsked] = useState<Asked>(() => askedOf(channel.requires));
  const put = (part: Partial<Asked>) => setAsked((before) => ({ ...before, ...part }));
  const wrong = asked.bounds.find((typed) => !isBound(typed));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong !== undefined) return;
    onSave(requirementsOf(asked));
    onClose();
  };
  return (
    <form onSubmit={submit}>
      <p className={dialog.lead}>A version that lacks one of these is not promoted to {channel.name}, here or by berthctl.</p>
      <div className={classes.asked}>
        <Checkbox
          size="xs"
          label="A signature"
          checked={asked.signature}
          data-autofocus
          onChange={(event) => put({ signature: event.currentTarget.checked })}
        />
        {asked.signature ? <SigningKey pem={asked.publicKey} onChange={(publicKey) => put({ publicKey })} /> : null}
        <Checkbox size="xs" label="An SBOM" checked={asked.sbom} onChange={(event) => put({ sbom: event.currentTarget.checked })} />
        <div>
          <span className={classes.name}>Metrics within bounds</span>
          <NamesInput
            aria-label="Metrics within bounds"
            placeholder="accuracy >= 0.93"
            splitChars={[",", "\n"]}
            value={asked.bounds}
            error={wrong === undefined ? null : `${wrong}: write a metric, a sign and a number, such as accuracy >= 0.93`}
            onChange={(bounds) => put({ bounds })}
          />
        </div>
        <Checkbox
          size="xs"
          label="The channel’s name, typed by whoever promotes"
          checked={asked.confirmation}
          onChange={(event) => put({ confirmation: event.currentTarget.checked })}
        />
      </div>
      <div className={dialog.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={wrong !== undefined}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** By which key a signature must be made. */
function SigningKey({ pem, onChange }: { pem: string | null; onChange: (pem: string | null) => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const choose = async () => {
    setProblem(null);
    try {
      const file = await pickFile("Choose a public key");
      if (file !== null) onChange(await publicKeyFile(file));
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <div className={classes.key}>
      <div className={classes.keyLine}>
        {pem === null ? (
          <span className={text.grow}>by anybody who may push</span>
        ) : (
          <>
            <span className={text.grow}>
              by the key that ends with <span className={text.mono}>{keyEnd(pem)}</span>
            </span>
            <IconButton small icon={IconX} label="Take any signature" onClick={() => onChange(null)} />
          </>
        )}
        <Button size="xs" onClick={() => void choose()}>
          {pem === null ? "Choose a public key…" : "Another…"}
        </Button>
      </div>
      {problem ? <ProblemStrip problem={problem} /> : null}
    </div>
  );
}
