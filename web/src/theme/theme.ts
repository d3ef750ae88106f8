// The look in Mantine's terms: colours, type and the habits of its components.

import {
  ActionIcon,
  Button,
  createTheme,
  Drawer,
  Menu,
  Modal,
  Popover,
  Select,
  MultiSelect,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

const spruce: MantineColorsTuple = [
  "#eaf5f2", "#d3e8e3", "#a6d2c8", "#76baac", "#4fa593", "#2f8c7a", "#1d7565", "#0f5c50", "#0a4a40", "#063a33",
];

/** A warm grey from the page's paper to the night. */
const gray: MantineColorsTuple = [
  "#faf9f6", "#f3f1ec", "#e8e5de", "#d8d4cb", "#bdb8ad", "#948e82", "#6b665c", "#4d4942", "#34312c", "#1f1d1a",
];

const dark: MantineColorsTuple = [
  "#e9e7e1", "#c9c6be", "#a3a097", "#7d7a72", "#4a4943", "#37372f", "#2b2b27", "#1e1f1c", "#171815", "#10110f",
];

const system = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';

export const theme = createTheme({
  colors: { spruce, gray, dark },
  primaryColor: "spruce",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.33,
  fontFamily: system,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontFamily: system, fontWeight: "620" },
  defaultRadius: "md",
  radius: { xs: "0.25rem", sm: "0.375rem", md: "0.5rem", lg: "0.75rem", xl: "1rem" },
  cursorType: "pointer",
  // Mantine waits for its transitions by a clock of its own, which the style sheet alone does not stop.
  respectReducedMotion: true,
  components: {
    // Locking the page's scrolling would need a style element, which the policy forbids; base.css does it.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.35 } } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false } }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", position: "bottom-end", radius: "md" } }),
    Popover: Popover.extend({ defaultProps: { shadow: "md" } }),
    Select: Select.extend({ defaultProps: { checkIconPosition: "right", comboboxProps: { shadow: "md" } } }),
    MultiSelect: MultiSelect.extend({ defaultProps: { comboboxProps: { shadow: "md" } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true } }),
    Button: Button.extend({ defaultProps: { fw: 560 } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
  },
});

/** Names for the places where colours go, so that style sheets need not know of light and dark. */
export const variables: CSSVariablesResolver = (made) => ({
  variables: {},
  light: {
    "--mantine-color-body": made.colors.gray[0],
    "--mantine-color-text": "#23211d",
    "--mantine-color-dimmed": "#67625a",
    "--mantine-color-placeholder": "#746f66",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-anchor": "#0f5c50",
    "--mantine-color-default": "#ffffff",
    "--mantine-color-default-border": "#d8d4cb",
    "--card": "#ffffff",
    "--line": "#e8e5de",
    "--raised": "#f3f1ec",
    "--side": "#f4f2ec",
    "--brass": "#9a6a0a",
    "--good": "#1a6b3c", "--good-soft": "#e3f3e8",
    "--bad": "#a8231b", "--bad-soft": "#fbe9e6",
    "--wait": "#7a4f00", "--wait-soft": "#fbf0d9",
    "--plan": "#1f5a8a", "--plan-soft": "#e5f0f8",
    "--mute": "#5d584f", "--mute-soft": "#efece5",
    "--deep": "#0f5c50",
    "--chart-good": "#3d9a6c", "--chart-plan": "#5a8fc4", "--chart-wait": "#d7a23f", "--chart-bad": "#cf5c4c", "--chart-mute": "#b4aea2",
  },
  dark: {
    "--mantine-color-body": "#141513",
    "--mantine-color-text": "#e9e7e1",
    "--mantine-color-dimmed": "#a9a69d",
    "--mantine-color-placeholder": "#98958c",
    "--mantine-color-error": "#ff9d92",
    "--mantine-color-anchor": "#76baac",
    "--mantine-color-default": "#1e1f1c",
    "--mantine-color-default-border": "#3d3d36",
    "--card": "#1b1c1a",
    "--line": "#2e2e2a",
    "--raised": "#242521",
    "--side": "#181916",
    "--brass": "#e8b64c",
    "--good": "#7fd6a0", "--good-soft": "#173123",
    "--bad": "#ff9d92", "--bad-soft": "#3a1c19",
    "--wait": "#f0c878", "--wait-soft": "#362a12",
    "--plan": "#8cc4ee", "--plan-soft": "#162a3a",
    "--mute": "#b9b5ab", "--mute-soft": "#2a2a26",
    "--deep": "#1d7565",
    "--chart-good": "#56b386", "--chart-plan": "#6ea3d8", "--chart-wait": "#dcae52", "--chart-bad": "#d87063", "--chart-mute": "#75726a",
  },
});
