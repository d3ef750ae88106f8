// Readings of a post, made ready for a drawing.

import type { DestinationReadings, PostReading } from "@/api/types";

export const METRICS = ["views", "impressions", "likes", "comments", "shares", "clicks"] as const;
export type Metric = (typeof METRICS)[number];
export type Point = { x: number } & Record<string, number>;

const HOUR = 3_600_000;

/** The numbers that any platform told. */
export function toldMetrics(destinations: readonly DestinationReadings[]): Metric[] {
  const readings: readonly PostReading[] = destinations.flatMap((one) => one.readings);
  return METRICS.filter((metric) => readings.some((reading) => reading[metric] !== null));
}

/** One point for each age of the post, with what each account had by then. */
export function pointsOf(destinations: readonly DestinationReadings[], metric: Metric): Point[] {
  const byAge = new Map<number, Point>();
  for (const destination of destinations) {
    for (const reading of destination.readings) {
      const value = reading[metric];
      if (value === null) continue;
      const point = byAge.get(reading.age_hours) ?? { x: reading.age_hours * HOUR };
      point[String(destination.account_id)] = value;
      byAge.set(reading.age_hours, point);
    }
  }
  return [...byAge.values()].sort((one, other) => one.x - other.x);
}

/** An age in hours below two days, in days from then on. */
export function ageOf(x: number): { unit: "hours" | "days"; count: number } {
  const hours = Math.round(x / HOUR);
  return hours < 48 ? { unit: "hours", count: hours } : { unit: "days", count: Math.round(hours / 24) };
}
