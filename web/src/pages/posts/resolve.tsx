// Where nobody could tell whether a post is live, a person looks and says so.

import { Button, Modal, TextInput } from "@mantine/core";
import { IconCircleCheck, IconSend } from "@tabler/icons-react";
import { useState } from "react";

import { useResolvePost } from "@/api/calls/posts";
import type { Destination } from "@/api/types";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { look } from "@/lib/platforms";
import { Confirm } from "@/ui/confirm";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { useTell } from "@/ui/toasts";

export function Resolve({ postId, destination }: { postId: string; destination: Destination }) {
  const { t } = useTexts();
  const tell = useTell();
  const resolve = useResolvePost();
  const [asked, setAsked] = useState<"live" | "notLive" | null>(null);
  const platform = look(destination.platform).name;
  const accountId = destination.account_id;
  const close = () => {
    setAsked(null);
    resolve.reset();
  };
  const errorOf = (field: string) => refusalOf(resolve.error, field);
  const say = (body: Parameters<typeof resolve.mutate>[0]["body"], done: "resolve.live.done" | "resolve.notLive.done") =>
    resolve.mutate(
      { id: postId, body },
      {
        onSuccess: () => {
          setAsked(null);
          tell(t(done));
        },
      },
    );

  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconCircleCheck size={15} aria-hidden />} onClick={() => setAsked("live")}>
        {t("resolve.live")}
      </Button>
      <Button size="xs" variant="default" leftSection={<IconSend size={15} aria-hidden />} onClick={() => setAsked("notLive")}>
        {t("resolve.notLive")}
      </Button>
      <Modal opened={asked === "live"} onClose={close} title={t("resolve.live.title")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            const fields = new FormData(event.currentTarget);
            const id = typed(fields, "id").trim();
            say(
              { account_id: accountId, outcome: "published", platform_post_url: typed(fields, "url").trim(), ...(id ? { platform_post_id: id } : {}) },
              "resolve.live.done",
            );
          }}
        >
          <p className="no-margin">{t("resolve.live.what", { platform })}</p>
          <TextInput name="url" type="url" label={t("resolve.url")} placeholder="https://" required withAsterisk={false} data-autofocus error={errorOf("platform_post_url")} />
          <TextInput name="id" label={t("resolve.id")} description={t("resolve.id.hint")} error={errorOf("platform_post_id")} />
          <FormRefusal error={resolve.error} fields={["platform_post_url", "platform_post_id"]} />
          <div className="row wrap" style={{ justifyContent: "flex-end" }}>
            <Button variant="default" onClick={close}>
              {t("do.cancel")}
            </Button>
            <Button type="submit" loading={resolve.isPending}>
              {t("resolve.live.do")}
            </Button>
          </div>
        </form>
      </Modal>
      <Confirm
        opened={asked === "notLive"}
        onClose={close}
        title={t("resolve.notLive.title")}
        action={t("resolve.notLive.do")}
        busy={resolve.isPending}
        error={resolve.error}
        onConfirm={() => say({ account_id: accountId, outcome: "not_published" }, "resolve.notLive.done")}
      >
        <p className="no-margin">{t("resolve.notLive.what", { platform })}</p>
      </Confirm>
    </>
  );
}
