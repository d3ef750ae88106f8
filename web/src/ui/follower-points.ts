// Counts of followers, made ready for a drawing.

export interface Followed {
  id: number;
  readings: readonly { read_at: string; followers: number }[];
}

export type Point = { x: number } & Record<string, number>;

/** One point for each day (UTC), with the latest count of each account on it. */
export function dailyPoints(accounts: readonly Followed[]): Point[] {
  const byDay = new Map<number, Point>();
  for (const account of accounts) {
    for (const reading of account.readings) {
      const x = Date.parse(reading.read_at.slice(0, 10));
      const point = byDay.get(x) ?? { x };
      point[String(account.id)] = reading.followers;
      byDay.set(x, point);
    }
  }
  return [...byDay.values()].sort((one, other) => one.x - other.x);
}
