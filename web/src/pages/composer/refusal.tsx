// Why a post was not taken. Where the same one is there already, it is shown, and may be posted again.

import { Button } from "@mantine/core";

import { usePost } from "@/api/calls/posts";
import { Problem } from "@/api/problem";
import { useTexts } from "@/i18n";
import { StatusBadge } from "@/ui/badges";
import { TextLink } from "@/ui/links";
import { Note } from "@/ui/note";
import { describe } from "@/ui/states";

export function Refusal({ error, busy, onAnyway }: { error: unknown; busy: boolean; onAnyway: () => void }) {
  const { t } = useTexts();
  const earlier = error instanceof Problem && error.code === "duplicate_post" ? error.details.post_id : undefined;
  if (typeof earlier === "string") {
    return (
      <Note tone="wait" title={t("duplicate.title")} urgent>
        <div className="stack" style={{ "--gap": "0.5rem" } as React.CSSProperties}>
          <Earlier id={earlier} />
          <div>
            <Button size="xs" variant="default" loading={busy} onClick={onAnyway}>
              {t("duplicate.anyway")}
            </Button>
          </div>
        </div>
      </Note>
    );
  }
  return (
    <Note tone="bad" title={t("compose.failed")} urgent>
      <span className="breaks">{describe(error, t)}</span>
    </Note>
  );
}

function Earlier({ id }: { id: string }) {
  const { t, moment } = useTexts();
  const { data: post } = usePost(id);
  return (
    <div className="stack" style={{ "--gap": "0.25rem" } as React.CSSProperties}>
      <span>{t("duplicate.what")}</span>
      {post && (
        <span className="row wrap">
          <StatusBadge status={post.status} />
          <span className="small">{moment(post.scheduled_for ?? post.created_at)}</span>
        </span>
      )}
      <TextLink to="/posts/$postId" params={{ postId: id }} className="breaks">
        {post?.content.slice(0, 120) || t("import.show")}
      </TextLink>
    </div>
  );
}
