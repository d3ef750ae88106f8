// The days that a month is shown with: whole weeks, from Monday on.

import type { Stretch } from "./use-posts";
import type { Wall } from "./wall";

const WEEK = 7;

/** A month before or after one, of which the calendar says when it begins. */
export function monthBeside(begins: Date, step: number, wall: Wall): Stretch {
  const isLocal = wall.timeZone === "local";
  const [year, month] = isLocal ? [begins.getFullYear(), begins.getMonth() + step] : [begins.getUTCFullYear(), begins.getUTCMonth() + step];
  const day = (inMonth: number, number: number) => (isLocal ? new Date(year, inMonth, number) : new Date(Date.UTC(year, inMonth, number)));
  /** How many days of its week are over. */
  const over = (date: Date) => ((isLocal ? date.getDay() : date.getUTCDay()) + WEEK - 1) % WEEK;
  const first = day(month, 1);
  const next = day(month + 1, 1);
  const moment = (date: Date) => wall.fromShown(date).toISOString();
  return { from: moment(day(month, 1 - over(first))), to: moment(over(next) === 0 ? next : day(month + 1, 1 + WEEK - over(next))) };
}
