// The places in the navigation.

import {
  IconBook2, IconCalendar, IconChartBar, IconCode, IconFlag, IconPhoto, IconSettings, IconUsers, type Icon,
} from "@tabler/icons-react";

import type { Key } from "@/i18n";

export interface Place {
  to: "/posts" | "/calendar" | "/accounts" | "/library" | "/campaigns" | "/analytics" | "/developers" | "/settings";
  label: Key;
  icon: Icon;
}

export const PLACES: Place[] = [
  { to: "/posts", label: "nav.posts", icon: IconBook2 },
  { to: "/calendar", label: "nav.calendar", icon: IconCalendar },
  { to: "/accounts", label: "nav.accounts", icon: IconUsers },
  { to: "/library", label: "nav.library", icon: IconPhoto },
  { to: "/campaigns", label: "nav.campaigns", icon: IconFlag },
  { to: "/analytics", label: "nav.analytics", icon: IconChartBar },
  { to: "/developers", label: "nav.developers", icon: IconCode },
  { to: "/settings", label: "nav.settings", icon: IconSettings },
];

/** Those that have a place in the bar of a phone. */
export const FIRST_PLACES = 3;
