// What the page is asked to show, as its address has it, and what the server is asked for that.

import type { BreakdownQuery } from "@/api/calls/workspace";
import { ownZone, toLocal, toMoment } from "@/lib/zone";

export const PERIODS = ["today", "week", "month", "all", "custom"] as const;
export const METRICS = ["views", "likes", "comments", "shares", "impressions", "clicks"] as const;
export type Period = (typeof PERIODS)[number];
export type Metric = (typeof METRICS)[number];

export interface Search {
  period?: string | undefined;
  /** Days of a period that somebody chose, both included. */
  from?: string | undefined;
  to?: string | undefined;
  platform?: string | undefined;
  account?: number | undefined;
  campaign?: number | undefined;
  metric?: string | undefined;
}

const DAY = 86_400_000;
const MONTH = 30;

export const periodOf = (search: Search): Period => PERIODS.find((one) => one === search.period) ?? "month";
export const isMetric = (name: string | undefined): name is Metric => METRICS.some((one) => one === name);

/** The days of a chosen period, the earlier first: the last thirty where none are chosen. */
export function daysOf(search: Search, now = new Date(), zone = ownZone()): { from: string; to: string } {
  const dayAt = (at: Date) => toLocal(at, zone).slice(0, 10);
  const isDay = (text: string | undefined) => (text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined);
  const one = isDay(search.from) ?? dayAt(new Date(now.getTime() - MONTH * DAY));
  const other = isDay(search.to) ?? dayAt(now);
  return one <= other ? { from: one, to: other } : { from: other, to: one };
}

/** The period as the server is asked for it: chosen days from their first to their last moment. */
export function asked(search: Search, zone = ownZone()): Pick<BreakdownQuery, "period" | "from" | "to"> {
  const period = periodOf(search);
  if (period !== "custom") return { period };
  const days = daysOf(search, new Date(), zone);
  const begins = toMoment(`${days.from}T00:00`, zone);
  const last = toMoment(`${days.to}T23:59`, zone);
  if (!begins || !last) return { period: "month" };
  return { period, from: begins.toISOString(), to: new Date(last.getTime() + 59_999).toISOString() };
}
