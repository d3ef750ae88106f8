// Whether a post may go out: who was asked, what was said, and saying it.

import { Button, Textarea } from "@mantine/core";
import { IconCheck, IconMessage2 } from "@tabler/icons-react";
import { useState } from "react";

import { useApprovePost, useAskForApproval, useIsChanging, useRequestChanges } from "@/api/calls/posts";
import { useMay } from "@/api/session";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { Badge, type Tone } from "@/ui/badges";
import { useCalm } from "@/ui/calm";
import { Section } from "@/ui/page";

import { isEditable } from "./post";

type State = Post["approval"]["state"];

const TONES: Record<State, Tone> = { not_required: "mute", requested: "wait", changes_requested: "bad", approved: "good" };

export function ApprovalBadge({ post }: { post: Post }) {
  const { t } = useTexts();
  const { state } = post.approval;
  if (state === "not_required") return null;
  return <Badge tone={TONES[state]}>{t(`approval.${state}`)}</Badge>;
}

export function Approval({ post }: { post: Post }) {
  const { t, moment } = useTexts();
  const { write } = useMay();
  const { state, by, at, note } = post.approval;
  /** Is kept here, where it stays when a decision is shown at once and then refused. */
  const [said, say] = useState("");
  const canAsk = write && isEditable(post) && state !== "requested";
  if (state === "not_required" && !canAsk) return null;
  return (
    <Section title={t("approval.title")} actions={<ApprovalBadge post={post} />}>
      {at && (
        <p className="dim small no-margin">
          {by?.name} · {moment(at)}
        </p>
      )}
      {note && <p className="no-margin breaks">{note}</p>}
      {state === "requested" && <p className="no-margin">{t("approval.requested.what")}</p>}
      {(state === "requested" || state === "changes_requested") && isEditable(post) && <Decide post={post} note={said} onNote={say} />}
      {canAsk && <Ask post={post} />}
    </Section>
  );
}

/** Long enough until it goes out for somebody to think again. */
const TO_THINK = 60_000;

function waits(post: Post): boolean {
  return post.scheduled_for !== null && Date.parse(post.scheduled_for) - Date.now() > TO_THINK;
}

function Decide({ post, note, onNote }: { post: Post; note: string; onNote: (note: string) => void }) {
  const { t } = useTexts();
  const { approve: may, write } = useMay();
  const calm = useCalm();
  const approve = useApprovePost();
  const refuse = useRequestChanges();
  const ask = useAskForApproval();
  const isChanging = useIsChanging();
  if (!may) return null;
  const said = note.trim();
  return (
    <div className="stack">
      <Textarea label={t("approval.note")} autosize minRows={2} maxLength={2000} value={note} onChange={(event) => onNote(event.currentTarget.value)} />
      <div className="row wrap">
        <Button
          leftSection={<IconCheck size={17} aria-hidden />}
          disabled={isChanging}
          // The time of what is seen here: a post that was changed meanwhile is not approved unseen.
          onClick={() =>
            void calm({
              send: () => approve.mutateAsync({ id: post.post_id, body: { updated_at: post.updated_at, ...(said ? { note: said } : {}) } }),
              done: t("approval.done"),
              // Only while nothing of it has gone out, and by those who may ask for it again.
              undo: write && waits(post) ? { send: () => ask.mutateAsync(post.post_id), done: t("approval.asked") } : undefined,
            })
          }
        >
          {t("approval.approve")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconMessage2 size={17} aria-hidden />}
          disabled={!said || isChanging}
          onClick={() => void calm({ send: () => refuse.mutateAsync({ id: post.post_id, note: said }), done: t("approval.sentBack") })}
        >
          {t("approval.requestChanges")}
        </Button>
      </div>
    </div>
  );
}

function Ask({ post }: { post: Post }) {
  const { t } = useTexts();
  const calm = useCalm();
  const ask = useAskForApproval();
  return (
    <div className="row wrap">
      <Button
        variant="default"
        size="xs"
        onClick={() => void calm({ send: () => ask.mutateAsync(post.post_id), done: t("approval.asked") })}
      >
        {t(post.approval.state === "changes_requested" ? "approval.askAgain" : "approval.ask")}
      </Button>
    </div>
  );
}
