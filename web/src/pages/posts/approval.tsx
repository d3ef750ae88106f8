// Whether a post may go out: who was asked, what was said, and saying it.

import { Button, Textarea } from "@mantine/core";
import { IconCheck, IconMessage2 } from "@tabler/icons-react";
import { useState } from "react";

import { useApprovePost, useAskForApproval, useRequestChanges } from "@/api/calls/posts";
import { useMay } from "@/api/session";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { Badge, type Tone } from "@/ui/badges";
import { Section } from "@/ui/page";
import { describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";

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
      {(state === "requested" || state === "changes_requested") && isEditable(post) && <Decide post={post} />}
      {canAsk && <Ask post={post} />}
    </Section>
  );
}

function Decide({ post }: { post: Post }) {
  const { t } = useTexts();
  const { approve: may } = useMay();
  const tell = useTell();
  const approve = useApprovePost();
  const refuse = useRequestChanges();
  const [note, setNote] = useState("");
  const error = approve.error ?? refuse.error;
  if (!may) return null;
  const said = note.trim();
  return (
    <div className="stack">
      <Textarea label={t("approval.note")} autosize minRows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      {error && (
        <p className="bad no-margin" role="alert">
          {describe(error, t)}
        </p>
      )}
      <div className="row wrap">
        <Button
          leftSection={<IconCheck size={17} aria-hidden />}
          loading={approve.isPending}
          // The time of what is seen here: a post that was changed meanwhile is not approved unseen.
          onClick={() =>
            approve.mutate(
              { id: post.post_id, body: { updated_at: post.updated_at, ...(said ? { note: said } : {}) } },
              { onSuccess: () => tell(t("approval.done")) },
            )
          }
        >
          {t("approval.approve")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconMessage2 size={17} aria-hidden />}
          loading={refuse.isPending}
          disabled={!said}
          onClick={() => refuse.mutate({ id: post.post_id, note: said }, { onSuccess: () => tell(t("approval.sentBack")) })}
        >
          {t("approval.requestChanges")}
        </Button>
      </div>
    </div>
  );
}

function Ask({ post }: { post: Post }) {
  const { t } = useTexts();
  const tell = useTell();
  const ask = useAskForApproval();
  return (
    <div className="row wrap">
      <Button
        variant="default"
        size="xs"
        loading={ask.isPending}
        onClick={() =>
          ask.mutate(post.post_id, { onSuccess: () => tell(t("approval.asked")), onError: (error) => tell(describe(error, t), { tone: "bad" }) })
        }
      >
        {t(post.approval.state === "changes_requested" ? "approval.askAgain" : "approval.ask")}
      </Button>
    </div>
  );
}
