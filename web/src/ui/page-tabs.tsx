// The tabs of a page, of which one is there at a time.

import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";

interface PageTabsProps<Tab extends string> {
  label: string;
  tabs: readonly Tab[];
  open: Tab;
  nameOf: (tab: Tab) => string;
  /** Null where no tab is left open. */
  onOpen: (tab: string | null) => void;
  panels: Record<Tab, ReactNode>;
}

export function PageTabs<Tab extends string>({ label, tabs, open, nameOf, onOpen, panels }: PageTabsProps<Tab>) {
  return (
    <Tabs value={open} onChange={onOpen} keepMounted={false}>
      <Tabs.List aria-label={label}>
        {tabs.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {nameOf(one)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((one) => (
        <Tabs.Panel key={one} value={one} pt="lg">
          {panels[one]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
