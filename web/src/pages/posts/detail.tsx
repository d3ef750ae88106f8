// One post: what it says, and what became of it on each account.

import { Button } from "@mantine/core";
import { IconArrowLeft, IconCopy, IconPencil, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { useDeletePost, usePost, useResults, useRetryPost } from "@/api/calls/posts";
import { useCampaigns } from "@/api/calls/workspace";
import { Problem } from "@/api/problem";
import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { StatusBadge } from "@/ui/badges";
import { useCalm } from "@/ui/calm";
import { Confirm } from "@/ui/confirm";
import { Page, Section } from "@/ui/page";
import { Await, describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";
import { Missing } from "@/shell/problems";
import { ButtonLink, TextLink } from "@/ui/links";

import { Approval } from "./approval";
import { Content } from "./content";
import { DestinationRow } from "./destination";
import { PostNumbers } from "./metrics";
import { isEditable, publishedAt } from "./post";
import css from "./posts.module.css";
import { ScheduleDraft } from "./schedule-draft";

export function PostPage() {
  const { postId } = useParams({ from: "/signed-in/posts/$postId" });
  const post = usePost(postId);
  if (post.error instanceof Problem && (post.error.status === 404 || post.error.status === 400)) return <Missing />;
  return <Await query={post}>{(loaded) => <Shown post={loaded} />}</Await>;
}

function Shown({ post }: { post: Post }) {
  const { t, tn, moment } = useTexts();
  const tell = useTell();
  const results = useResults(post.post_id);
  const retry = useRetryPost();
  const failed = post.destinations.filter((one) => one.status === "failed");
  const sure = failed.filter((one) => one.error_code !== "outcome_unknown");

  const again = (accounts: number[]) =>
    retry.mutate(
      { id: post.post_id, accounts },
      {
        onSuccess: ({ retried_count }) => tell(tn("post.retried", retried_count)),
        onError: (error) => tell(describe(error, t), { tone: "bad" }),
      },
    );

  return (
    <Page
      title={t("post.title")}
      lead={
        <span className="row wrap">
          <StatusBadge status={post.status} />
          <When post={post} />
        </span>
      }
      actions={<Actions post={post} />}
    >
      <TextLink to="/posts" className={css.back}>
        <IconArrowLeft size={16} aria-hidden /> {t("posts.title")}
      </TextLink>
      <div className={css.columns}>
        <div className="stack">
          <Section title={t("post.text")}>
            <Content post={post} />
          </Section>
          <CampaignOf post={post} />
          <PostNumbers post={post} />
        </div>
        <div className="stack">
          <Approval post={post} />
          <ScheduleDraft post={post} />
          <Section
            title={t("post.destinations")}
            actions={
              sure.length > 1 && (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconRefresh size={15} aria-hidden />}
                  loading={retry.isPending}
                  onClick={() => again(sure.map((one) => one.account_id))}
                >
                  {t("post.retryAll")}
                </Button>
              )
            }
          >
            {post.status === "draft" && <p className="dim no-margin">{t("post.draft")}</p>}
            <ul className="plain">
              {post.destinations.map((destination) => (
                <DestinationRow
                  postId={post.post_id}
                  key={destination.account_id}
                  destination={results.data?.results.find((one) => one.account_id === destination.account_id) ?? destination}
                  isDraft={post.status === "draft"}
                  busy={retry.isPending}
                  onRetry={() => again([destination.account_id])}
                />
              ))}
            </ul>
          </Section>
          <p className="dim small no-margin">
            {t("post.created", { time: moment(post.created_at, { style: "long" }) })} · <code>{post.post_id}</code>
          </p>
        </div>
      </div>
    </Page>
  );
}

function When({ post }: { post: Post }) {
  const { t, moment } = useTexts();
  const published = publishedAt(post);
  if (published) return <span>{t("post.publishedAt", { time: moment(published, { style: "long" }) })}</span>;
  if (!post.scheduled_for || post.status === "draft") return null;
  const own = t("post.planned", { time: moment(post.scheduled_for, { style: "long" }) });
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (post.timezone === here || post.timezone === "UTC") return <span>{own}</span>;
  return (
    <span>
      {own} ({t("post.inZone", { time: moment(post.scheduled_for, { zone: post.timezone }), zone: post.timezone })})
    </span>
  );
}

function Actions({ post }: { post: Post }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const calm = useCalm();
  const remove = useDeletePost();
  const [asked, setAsked] = useState(false);
  const isLive = post.destinations.some((one) => one.status === "published");
  return (
    <>
      {isEditable(post) && (
        <ButtonLink to="/compose" search={{ edit: post.post_id }} leftSection={<IconPencil size={17} aria-hidden />}>
          {t("post.edit")}
        </ButtonLink>
      )}
      <ButtonLink to="/compose" search={{ copy: post.post_id }} variant="default" leftSection={<IconCopy size={17} aria-hidden />}>
        {t("post.duplicate")}
      </ButtonLink>
      <Button variant="default" leftSection={<IconTrash size={17} aria-hidden />} onClick={() => setAsked(true)}>
        {t("post.delete")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("post.delete.ask")}
        action={t("post.delete")}
        onConfirm={() => {
          setAsked(false);
          void calm({ send: () => remove.mutateAsync(post.post_id), done: t("post.deleted") });
          void navigate({ to: "/posts" });
        }}
      >
        <p className="no-margin">
          {t("post.delete.waiting")} {isLive && t("post.delete.live")}
        </p>
      </Confirm>
    </>
  );
}

function CampaignOf({ post }: { post: Post }) {
  const { t } = useTexts();
  const { data: campaigns = [] } = useCampaigns();
  const campaign = campaigns.find((one) => one.id === post.campaign_id);
  if (!campaign) return null;
  return (
    <p className="row no-margin">
      <span className="dim">{t("post.campaign")}</span>
      <span className={css.swatch} style={{ background: campaign.color }} aria-hidden />
      <TextLink to="/posts" search={{ campaign: campaign.id }}>
        {campaign.name}
      </TextLink>
    </p>
  );
}
