// Hands the theme's variables to the browser. Mantine would write them into a <style> element, which the
// content security policy does not allow; a constructed style sheet is allowed.

import { convertCssVariables, defaultCssVariablesResolver, DEFAULT_THEME, mergeMantineTheme } from "@mantine/core";

import { theme, variables } from "./theme";

export function adoptTheme(): void {
  const made = mergeMantineTheme(DEFAULT_THEME, theme);
  const usual = defaultCssVariablesResolver(made);
  const own = variables(made);
  const all = {
    variables: { ...usual.variables, ...own.variables },
    light: { ...usual.light, ...own.light },
    dark: { ...usual.dark, ...own.dark },
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(all, ":root"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
