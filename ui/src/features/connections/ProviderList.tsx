/** The providers as one radio group at the left of the dialog; the guess from the address moves the mark as well. */
import { IconBox, IconCloud, IconFolder, IconGitBranch, IconServer2, type Icon as TablerIcon } from "@tabler/icons-react";
import type { Provider } from "../../ipc";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import classes from "./ProviderList.module.css";
import { formOf, type ProviderForm, providerForms } from "./providers";

const icons: Record<ProviderForm["icon"], TablerIcon> = {
  box: IconBox,
  branch: IconGitBranch,
  cloud: IconCloud,
  server: IconServer2,
  folder: IconFolder,
};

interface ProviderListProps {
  value: Provider;
  /** A saved connection keeps its provider. */
  disabled: boolean;
  onChange: (provider: Provider) => void;
}

export function ProviderList({ value, disabled, onChange }: ProviderListProps) {
  const marked = formOf(value).provider;
  return (
    <div role="radiogroup" aria-label="Provider" className={classes.list}>
      <div className={`${text.head} ${classes.head}`}>Provider</div>
      {providerForms.map((form) => (
        <label key={form.provider} className={classes.entry}>
          <input
            type="radio"
            name="provider"
            className={text.hidden}
            checked={form.provider === marked}
            disabled={disabled && form.provider !== marked}
            onChange={() => onChange(form.provider)}
          />
          <Icon of={icons[form.icon]} />
          <span className={text.cut}>{form.label}</span>
        </label>
      ))}
    </div>
  );
}
