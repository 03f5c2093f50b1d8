/** Says that a signature is there. Whether it is to be trusted is another question, so the hover says what was seen. */
import { Icon } from "../../shared/Icon";
import { IconSigned } from "../../shared/icons";
import classes from "./DetailHeader.module.css";

export function SignedMark() {
  return (
    <span className={classes.signed} title="A signature points at this version; it was not verified">
      <Icon of={IconSigned} size="small" />
      Signed
    </span>
  );
}
