// Sends what was written: a new post, a change of one, or a draft that goes out.

import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";

import { useCreatePost, useSchedulePost, useUpdatePost } from "@/api/calls/posts";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { randomKey } from "@/lib/random";
import { useTell } from "@/ui/toasts";

import { toChange, toRequest, type Draft, type Rules } from "./draft";
import { keepUnsent } from "./unsent";

interface Sent {
  draft: Draft;
  platforms: string[];
  rules: Rules;
  /** The person knows that it is there already. */
  allowsDuplicate?: boolean;
}

const again = ({ allowsDuplicate = false }: { allowsDuplicate?: boolean }) => (allowsDuplicate ? { allow_duplicate: true } : {});

export function useSubmit(before: Post | null) {
  const { t, tn, moment } = useTexts();
  const tell = useTell();
  const navigate = useNavigate();
  const create = useCreatePost();
  const update = useUpdatePost();
  const schedule = useSchedulePost();
  const named = useRef({ body: "", key: "" });

  const done = (id: string, said: string) => {
    keepUnsent(null);
    tell(said);
    void navigate({ to: "/posts/$postId", params: { postId: id } });
  };

  const say = (draft: Draft, at: string | null) => {
    if (draft.when === "draft") return t("compose.saved");
    if (draft.ask) return t("approval.asked");
    if (draft.when === "now" || !at) return tn("compose.sent", draft.accountIds.length);
    return t("compose.scheduled", { time: moment(at) });
  };

  const createPost = async ({ draft, platforms, rules, ...rest }: Sent) => {
    const body = { ...toRequest(draft, platforms, rules), ...again(rest) };
    const written = JSON.stringify(body);
    // The same request keeps its name, so that a second try after a lost answer makes no second post.
    if (named.current.body !== written) named.current = { body: written, key: randomKey() };
    const post = await create.mutateAsync({ body, key: named.current.key });
    done(post.post_id, say(draft, post.scheduled_for));
  };

  const changePost = async (post: Post, { draft, platforms, rules, ...rest }: Sent) => {
    const { scheduled_for, timezone, ...change } = toChange(draft, post, platforms, rules);
    const planned = scheduled_for ? { scheduled_for, timezone: timezone ?? "UTC" } : {};
    if (post.status !== "draft") {
      await update.mutateAsync({ id: post.post_id, body: { ...change, ...planned, ...again(rest) } });
      return done(post.post_id, t("compose.changed"));
    }
    await update.mutateAsync({ id: post.post_id, body: change });
    if (draft.when !== "draft") {
      await schedule.mutateAsync({ id: post.post_id, body: { ...(draft.when === "schedule" ? planned : { publish_now: true }), ...again(rest) } });
    }
    done(post.post_id, say(draft, scheduled_for ?? null));
  };

  const submit = (sent: Sent) => {
    create.reset();
    update.reset();
    schedule.reset();
    // The error is shown from the state of the mutation that failed.
    (before ? changePost(before, sent) : createPost(sent)).catch(() => undefined);
  };

  return {
    submit,
    busy: create.isPending || update.isPending || schedule.isPending,
    error: create.error ?? update.error ?? schedule.error,
  };
}
