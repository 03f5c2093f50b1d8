/** Mantine fed with the tokens: no colour, size or face is named here or anywhere else, only token names. */
import {
  ActionIcon,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Kbd,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  Popover,
  Progress,
  SegmentedControl,
  Select,
  Skeleton,
  Switch,
  Tabs,
  TagsInput,
  TextInput,
  Tooltip,
} from "@mantine/core";
import controls from "./controls.module.css";

const input = { input: controls.input, wrapper: controls.wrapper };
const dropdown = { dropdown: controls.dropdown, option: controls.option };

export const theme = createTheme({
  fontFamily: "var(--b-sans)",
  fontFamilyMonospace: "var(--b-mono)",
  defaultRadius: "sm",
  radius: { xs: "var(--b-r-chip)", sm: "var(--b-r-control)", md: "var(--b-r-float)", lg: "var(--b-r-float)", xl: "var(--b-r-float)" },
  fontSizes: { xs: "var(--b-fs-label)", sm: "var(--b-fs-data)", md: "var(--b-fs-body)", lg: "var(--b-fs-title)", xl: "var(--b-fs-title)" },
  lineHeights: {
    xs: "var(--b-lh-label)",
    sm: "var(--b-lh-data)",
    md: "var(--b-lh-body)",
    lg: "var(--b-lh-title)",
    xl: "var(--b-lh-title)",
  },
  spacing: { xs: "var(--b-1)", sm: "var(--b-2)", md: "var(--b-3)", lg: "var(--b-4)", xl: "var(--b-6)" },
  shadows: { xs: "none", sm: "none", md: "var(--b-shadow)", lg: "var(--b-shadow)", xl: "var(--b-shadow)" },
  cursorType: "default",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", size: "md" }, classNames: { root: controls.icon } }),
    Button: Button.extend({
      defaultProps: { variant: "default", size: "sm" },
      classNames: { root: controls.button, section: controls.section },
    }),
    Checkbox: Checkbox.extend({
      defaultProps: { size: "xs" },
      classNames: {
        input: controls.checkbox,
        label: controls.label,
        body: controls.checkboxBody,
        icon: controls.checkboxIcon,
        inner: controls.checkboxInner,
      },
    }),
    Kbd: Kbd.extend({ classNames: { root: controls.kbd } }),
    Menu: Menu.extend({
      // Without the placeholder the first item has the focus, and a menu holds nothing but items.
      defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 0 }, shadow: "md", radius: "md" },
      classNames: { dropdown: controls.dropdown, item: controls.option, label: controls.menuLabel },
    }),
    Modal: Modal.extend({
      defaultProps: { radius: "md", shadow: "md", centered: true },
      classNames: {
        overlay: controls.overlay,
        header: controls.dialogHead,
        title: controls.dialogTitle,
        body: controls.dialogBody,
        close: controls.dialogClose,
      },
    }),
    // At once: what is typed after the key that opens it belongs to the dialog.
    ModalRoot: Modal.Root.extend({ defaultProps: { transitionProps: { duration: 0 } } }),
    Notification: Notification.extend({
      defaultProps: { role: "status", radius: "md", closeButtonProps: { "aria-label": "Put away" } },
      classNames: {
        root: controls.toast,
        body: controls.toastBody,
        description: controls.toastText,
        closeButton: controls.dialogClose,
      },
    }),
    NumberInput: NumberInput.extend({ defaultProps: { size: "xs", hideControls: true }, classNames: input }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { size: "sm" },
      classNames: { ...input, innerInput: controls.innerInput, visibilityToggle: controls.visibility },
    }),
    Popover: Popover.extend({
      defaultProps: { transitionProps: { duration: 0 }, shadow: "md", radius: "md" },
      classNames: { dropdown: controls.dropdown },
    }),
    Progress: Progress.extend({ defaultProps: { size: 2, radius: 0 }, classNames: { root: controls.progress } }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: "xs", transitionDuration: 0 },
      classNames: { root: controls.segments, label: controls.segment, indicator: controls.segmentOn, control: controls.segmentControl },
    }),
    Select: Select.extend({
      defaultProps: {
        size: "xs",
        allowDeselect: false,
        checkIconPosition: "right",
        comboboxProps: { transitionProps: { duration: 0 }, shadow: "md" },
      },
      classNames: { ...input, ...dropdown },
    }),
    Skeleton: Skeleton.extend({ defaultProps: { animate: false } }),
    Switch: Switch.extend({
      defaultProps: { size: "xs" },
      classNames: {
        track: controls.track,
        thumb: controls.thumb,
        label: controls.label,
        body: controls.switchBody,
        input: controls.switchInput,
      },
    }),
    TagsInput: TagsInput.extend({
      defaultProps: { size: "xs", comboboxProps: { transitionProps: { duration: 0 } } },
      classNames: { input: controls.tagsInput, inputField: controls.tagsField, pill: controls.pill, pillsList: controls.pills },
    }),
    Tabs: Tabs.extend({ classNames: { list: controls.tabs, tab: controls.tab } }),
    TextInput: TextInput.extend({ defaultProps: { size: "sm" }, classNames: input }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 500, transitionProps: { duration: 0 }, withArrow: false },
      classNames: { tooltip: controls.tooltip },
    }),
  },
});

/** Mantine's own variables, taken from the tokens, the same in both schemes: the tokens change, the names do not. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const variables = {
    "--mantine-color-body": "var(--b-surface)",
    "--mantine-color-text": "var(--b-text)",
    "--mantine-color-dimmed": "var(--b-text-3)",
    "--mantine-color-placeholder": "var(--b-text-3)",
    "--mantine-color-anchor": "var(--b-accent)",
    "--mantine-color-error": "var(--b-danger)",
    "--mantine-color-default": "var(--b-surface)",
    "--mantine-color-default-hover": "var(--b-hover)",
    "--mantine-color-default-color": "var(--b-text)",
    "--mantine-color-default-border": "var(--b-line-control)",
    "--mantine-color-disabled": "var(--b-inset)",
    "--mantine-color-disabled-color": "var(--b-text-3)",
    "--mantine-color-disabled-border": "var(--b-line)",
    "--mantine-primary-color-filled": "var(--b-accent)",
    "--mantine-primary-color-filled-hover": "var(--b-accent-hover)",
    "--mantine-primary-color-light": "var(--b-selected)",
    "--mantine-primary-color-light-hover": "var(--b-selected)",
    "--mantine-primary-color-light-color": "var(--b-accent)",
    "--mantine-primary-color-contrast": "var(--b-on-accent)",
  };
  return { variables: {}, light: variables, dark: variables };
};
