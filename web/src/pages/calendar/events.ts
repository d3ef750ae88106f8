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

export function isPost(extended: Record<string, unknown>): extended is PostEvent & Record<string, unknown> {
  return extended.kind === "post";
}

/** The moment at which a post stands in the calendar. */
export function startOf(post: Post): string {
  return post.scheduled_for ?? post.created_at;
}

export function eventsOf(posts: Post[], wall: Wall): EventInput[] {
  return posts.map((post) => ({
    id: post.post_id,
    title: post.content || post.post_id,
    start: wall.toShown(startOf(post)),
    startEditable: post.status === "scheduled" && new Date(startOf(post)).getTime() > Date.now(),
    extendedProps: { kind: "post", post } satisfies PostEvent,
  }));
}

export function slotEvents(upcoming: QueueForecast["upcoming"], label: string, wall: Wall): EventInput[] {
  return upcoming.map((opening) => ({
    id: `slot-${opening.scheduled_for}`,
    title: label,
    start: wall.toShown(opening.scheduled_for),
    startEditable: false,
    extendedProps: { kind: "slot", label } satisfies SlotEvent,
  }));
}
