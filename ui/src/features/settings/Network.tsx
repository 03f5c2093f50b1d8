/** Proxy, trusted authorities, how much at once, when to give up. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { pickFile, type Settings, type TrustedFile } from "../../ipc";
import { trustedFilesQuery } from "../../ipc/queries/settings";
import { formatDay, useFormat } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import text from "../../shared/text.module.css";
import { NumberField, Row, Section } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

export function Network({ settings, save }: { settings: Settings; save: Save }) {
  return (
    <Section title="Network">
      <Row label="Proxy">
        <SegmentedControl<Settings["proxy"]>
          aria-label="Proxy"
          data={[
            { value: "system", label: "System" },
            { value: "none", label: "None" },
            { value: "own", label: "Own" },
          ]}
          value={settings.proxy}
          onChange={(proxy) => save({ proxy })}
        />
        {settings.proxy === "own" ? (
          <LineField
            label="Address of the proxy"
            value={settings.proxyAddress}
            placeholder="http://proxy.example:3128"
            onCommit={(proxyAddress) => save({ proxyAddress })}
          />
        ) : null}
      </Row>
      <Row label="No proxy for">
        <LineField
          label="No proxy for"
          value={settings.noProxy}
          placeholder=".example, 10.0.0.0/8"
          onCommit={(noProxy) => save({ noProxy })}
        />
      </Row>
      <Row label="Trusted CA">
        <TrustedFiles settings={settings} save={save} />
      </Row>
      <Row label="At once">
        <span className={text.middle}>up to</span>
        <NumberField
          label="Requests per host at once"
          value={settings.requestsPerHost}
          least={1}
          most={256}
          onCommit={(requestsPerHost) => save({ requestsPerHost })}
        />
        <span className={text.middle}>requests per host</span>
      </Row>
      <Row label="Give up after">
        <NumberField
          label="Seconds without an answer"
          value={settings.answerTimeoutSeconds}
          least={1}
          most={600}
          suffix=" s"
          onCommit={(answerTimeoutSeconds) => save({ answerTimeoutSeconds })}
        />
        <span className={text.middle}>without an answer,</span>
        <NumberField label="Tries" value={settings.tries} least={1} most={10} width={40} onCommit={(tries) => save({ tries })} />
        <span className={text.middle}>tries</span>
      </Row>
    </Section>
  );
}

/** One line of text, saved when it is left. */
function LineField({
  label,
  value,
  placeholder,
  onCommit,
}: {
  label: string;
  value: string;
  placeholder: string;
  onCommit: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const commit = () => typed.trim() !== value && onCommit(typed.trim());
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={placeholder}
      className={classes.line}
      classNames={{ input: text.mono }}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}

function TrustedFiles({ settings, save }: { settings: Settings; save: Save }) {
  const { trustedCa } = settings;
  const known = useQuery(trustedFilesQuery(trustedCa)).data ?? [];
  const add = async () => {
    const file = await pickFile("Choose a CA file");
    if (file !== null && !trustedCa.includes(file)) save({ trustedCa: [...trustedCa, file] });
  };
  return (
    <div className={classes.files}>
      {trustedCa.map((file) => (
        <span key={file} className={classes.file}>
          <span className={`${text.grow} ${text.cut}`} title={file}>
            {file.split(/[/\\]/).at(-1)}
          </span>
          <Ends trusted={known.find((one) => one.file === file)} />
          <IconButton
            small
            icon={IconX}
            label={`Remove ${file}`}
            onClick={() => save({ trustedCa: trustedCa.filter((other) => other !== file) })}
          />
        </span>
      ))}
      <Button size="xs" onClick={() => void add().catch(() => undefined)}>
        Add…
      </Button>
    </div>
  );
}

/** Until when the authorities of a file hold, or why it cannot be used. */
function Ends({ trusted }: { trusted: TrustedFile | undefined }) {
  const { now } = useFormat();
  if (trusted?.problem) {
    return (
      <span className={text.warn} title={[trusted.problem.message, trusted.problem.hint].join("\n")}>
        cannot be used
      </span>
    );
  }
  if (!trusted?.ends) return null;
  const over = Date.parse(trusted.ends) < now;
  return <span className={over ? text.warn : text.dim}>{`${over ? "ended" : "until"} ${formatDay(trusted.ends)}`}</span>;
}
