// The slots of a queue as a sorted set.

import type { QueueSlot } from "@/api/types";

/** Monday to Sunday, as the API counts them. */
export const DAYS = [1, 2, 3, 4, 5, 6, 7];

const order = (one: QueueSlot, other: QueueSlot) => one.day - other.day || one.time.localeCompare(other.time);

export function addSlots(slots: QueueSlot[], days: number[], time: string): QueueSlot[] {
  const fresh = days.map((day) => ({ day, time })).filter((slot) => !slots.some((one) => one.day === slot.day && one.time === slot.time));
  return [...slots, ...fresh].sort(order);
}

export function sameSlots(one: QueueSlot[], other: QueueSlot[]): boolean {
  const text = (slots: QueueSlot[]) => [...slots].sort(order).map((slot) => `${slot.day} ${slot.time}`).join();
  return text(one) === text(other);
}
