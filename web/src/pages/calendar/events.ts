// Posts and slots as the calendar shows them.

import type { EventInput } from "@fullcalendar/react";

import type { Post, QueueForecast } from "@/api/types";

import type { Wall } from "./wall";

export interface PostEvent {
  kind: "post";
  post: Post;
}

export interface SlotEvent {
  kind: "slot";
  label: string;
}

/** What a day holds besides. */
export interface MoreEvent {
  kind: "more";
  count: number;
}

type Extended = PostEvent | SlotEvent | MoreEvent;

export function extendedOf(props: Record<string, unknown>): Extended {
  return props as unknown as Extended;
}

/** The moment at which a post stands in the calendar. */
export function startOf(post: Post): string {
  return post.scheduled_for ?? post.created_at;
}

/** Makes events of posts, and of the same post the same event. */
export function eventMaker(wall: Wall): (post: Post) => EventInput {
  const made = new WeakMap<Post, EventInput>();
  return (post) => {
    const event = made.get(post) ?? eventOf(post, wall);
    made.set(post, event);
    return event;
  };
}

/** How high a moment is where the hours of a day are drawn. */
const HEIGHT_MS = 45 * 60_000;

/** A moment as something that can be drawn. It ends with its day: what is longer would stand on two. */
function drawn(moment: string, wall: Wall): Pick<EventInput, "start" | "end"> {
  const start = wall.toShown(moment);
  const day = wall.shownDay(start);
  const end = new Date(Date.parse(start) + HEIGHT_MS).toISOString();
  return { start, end: wall.shownDay(end) === day ? end : `${day}T24:00:00` };
}

function eventOf(post: Post, wall: Wall): EventInput {
  return {
    id: post.post_id,
    title: post.content || post.post_id,
    ...drawn(startOf(post), wall),
    startEditable: post.status === "scheduled" && new Date(startOf(post)).getTime() > Date.now(),
    extendedProps: { kind: "post", post } satisfies PostEvent,
  };
}

export function slotEvents(upcoming: QueueForecast["upcoming"], label: string, wall: Wall): EventInput[] {
  return upcoming.map((opening) => ({
    id: `slot-${opening.scheduled_for}`,
    title: label,
    ...drawn(opening.scheduled_for, wall),
    startEditable: false,
    extendedProps: { kind: "slot", label } satisfies SlotEvent,
  }));
}

/** Rows of a day in the month: posts, and below them how many more there are. */
export const ROWS = 3;
/** So many can be looked through in a small window over the month. */
const LOOKED_THROUGH = 12;

/**
 * The events of months in which days are full. Of such a day it has what is shown, and how many more there are: the
 * calendar lays out all that it is given, also what it hides, and the time for that grows with the square of it.
 */
export function folded(events: EventInput[], wall: Wall): EventInput[] {
  const days = new Map<string, EventInput[]>();
  for (const event of events) {
    const day = wall.shownDay(event.start as string);
    const there = days.get(day);
    if (there) there.push(event);
    else days.set(day, [event]);
  }
  return [...days].flatMap(([day, all]) => {
    if (all.length <= LOOKED_THROUGH) return all;
    const shown = all.sort((one, other) => ((one.start as string) < (other.start as string) ? -1 : 1)).slice(0, ROWS - 1);
    const count = all.length - shown.length;
    const last = { start: `${day}T23:58:00`, end: `${day}T23:59:00` };
    return [...shown, { ...last, id: `more-${day}`, startEditable: false, extendedProps: { kind: "more", count } satisfies MoreEvent }];
  });
}
