// Moves a post to another time. The calendar shows it at once; if the server refuses, it goes back.

import { useQueryClient } from "@tanstack/react-query";

import { useUpdatePost } from "@/api/calls/posts";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import { calendarKey } from "./use-posts";

export type Move = (post: Post, from: string, to: Date, revert?: () => void) => void;

export function useMove(zone: string): Move {
  const { t, moment } = useTexts();
  const tell = useTell();
  const client = useQueryClient();
  const update = useUpdatePost();

  const show = (id: string, scheduled_for: string) =>
    client.setQueriesData<Post[]>({ queryKey: calendarKey }, (posts) => posts?.map((post) => (post.post_id === id ? { ...post, scheduled_for } : post)));

  const send = (post: Post, from: string, to: string, isUndo: boolean, revert?: () => void) => {
    show(post.post_id, to);
    update.mutate(
      { id: post.post_id, body: { scheduled_for: to } },
      {
        onSuccess: () => {
          if (isUndo) tell(t("calendar.moved.back", { time: moment(to, { zone }) }));
          else tell(t("calendar.moved", { time: moment(to, { zone }) }), { undo: () => send(post, to, from, true) });
        },
        onError: (error) => {
          show(post.post_id, from);
          revert?.();
          tell(describe(error, t), { tone: "bad" });
        },
      },
    );
  };
  return (post, from, to, revert) => send(post, from, to.toISOString(), false, revert);
}
