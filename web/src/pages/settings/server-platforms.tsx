// The server's apps at the platforms: everybody who manages sees which are ready, operators set and remove them.

import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";

import { Problem } from "@/api/problem";
import { useServerChange, type ServerInfo, type ServerPlatform } from "@/api/session";
import { useTexts, type Key } from "@/i18n";
import { typed } from "@/lib/form";
import { Badge, PlatformMark } from "@/ui/badges";
import { Confirm } from "@/ui/confirm";
import { Copyable } from "@/ui/copy";
import { Section } from "@/ui/page";
import { useTell } from "@/ui/toasts";

import { FormEnd } from "./form-end";
import css from "./settings.module.css";

export function Platforms({ server }: { server: ServerInfo }) {
  const { t } = useTexts();
  // Stays while the dialog goes away, which keeps its name until then.
  const [edited, setEdited] = useState<ServerPlatform | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section title={t("server.platforms")} lead={t("server.platforms.lead")}>
      {!server.is_operator && (
        <>
          <p className="dim small no-margin">{t("server.operator.only")}</p>
          <Copyable label={t("server.operator.command")} value="fanfare user operator you@example.org" multiline />
        </>
      )}
      <ul className={`plain ${css.people ?? ""}`}>
        {server.platforms.map((platform) => (
          <PlatformRow key={platform.platform} platform={platform} onEdit={() => { setEdited(platform); setIsOpen(true); }} />
        ))}
      </ul>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        size="lg"
        title={edited ? t("server.app.title", { platform: edited.name }) : ""}
        closeButtonProps={{ "aria-label": t("do.close") }}
      >
        {edited && <AppForm key={edited.platform} platform={edited} onClose={() => setIsOpen(false)} />}
      </Modal>
    </Section>
  );
}

function statusOf({ needs_app, set_up, app }: ServerPlatform): Key {
  if (!needs_app) return "server.platform.none";
  if (!set_up) return "server.platform.unset";
  return app?.source === "sandbox" ? "server.platform.sandbox" : "server.platform.set";
}

function PlatformRow({ platform, onEdit }: { platform: ServerPlatform; onEdit: () => void }) {
  const { t, ago } = useTexts();
  const { name, app } = platform;
  return (
    <li className={css.person}>
      <PlatformMark platform={platform.platform} size={26} named />
      <span className="grow">
        <span className="strong" style={{ display: "block" }}>
          {name}
        </span>
        {app?.source === "stored" && (
          <span className="dim small breaks" style={{ display: "block" }}>
            {t("server.app.stored", { id: app.client_id ?? "", time: app.updated_at ? ago(app.updated_at) : "" })}
          </span>
        )}
        {app?.source === "configuration" && (
          <span className="dim small breaks" style={{ display: "block" }}>
            {t("server.app.configured", { id: app.client_id ?? "" })}
          </span>
        )}
      </span>
      <Badge tone={platform.set_up ? "good" : "mute"}>{t(statusOf(platform))}</Badge>
      {app && app.source !== "configuration" && (
        <span className="row wrap">
          <Button size="xs" variant="default" aria-label={t(app.source === "stored" ? "server.app.change.of" : "server.app.set.of", { platform: name })} onClick={onEdit}>
            {t(app.source === "stored" ? "server.app.change" : "server.app.set")}
          </Button>
          {app.source === "stored" && <Remove platform={platform} />}
        </span>
      )}
    </li>
  );
}

function Remove({ platform }: { platform: ServerPlatform }) {
  const { t } = useTexts();
  const tell = useTell();
  const remove = useServerChange<string>("DELETE", (name) => `/platform-apps/${name}`);
  const [asked, setAsked] = useState(false);
  const { name } = platform;
  return (
    <>
      <Button size="xs" variant="default" aria-label={t("server.app.remove.of", { platform: name })} onClick={() => setAsked(true)}>
        {t("server.app.remove")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("server.app.remove.ask", { platform: name })}
        action={t("server.app.remove")}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(platform.platform, { onSuccess: () => tell(t("server.app.removed", { platform: name })) })}
      >
        <p className="no-margin">{t("server.app.remove.what", { platform: name })}</p>
      </Confirm>
    </>
  );
}

function AppForm({ platform, onClose }: { platform: ServerPlatform; onClose: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const set = useServerChange<{ client_id: string; client_secret: string }>("PUT", () => `/platform-apps/${platform.platform}`);
  const { error } = set;
  const errorOf = (field: string) => (error instanceof Problem && error.field === field ? error.message : undefined);
  const stored = platform.app?.source === "stored" ? platform.app.client_id : null;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        set.mutate(
          { client_id: typed(form, "client_id"), client_secret: typed(form, "client_secret") },
          {
            onSuccess: () => {
              tell(t("server.app.saved", { platform: platform.name }));
              onClose();
            },
          },
        );
      }}
    >
      <p className="no-margin">{t("server.platform.redirect")}</p>
      <Copyable label={t("server.app.redirect")} value={platform.redirect_url ?? ""} />
      <TextInput
        name="client_id"
        label={t("server.app.id")}
        description={t("server.app.id.hint")}
        defaultValue={stored ?? ""}
        error={errorOf("client_id")}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
        data-autofocus
      />
      <PasswordInput
        name="client_secret"
        label={t("server.app.secret")}
        description={t("server.app.secret.hint")}
        error={errorOf("client_secret")}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t("server.app.secret.show") }}
        required
        withAsterisk={false}
      />
      {stored && <p className="dim small no-margin">{t("server.app.change.what", { platform: platform.name })}</p>}
      <FormEnd error={error} fields={["client_id", "client_secret"]} busy={set.isPending} onCancel={onClose} />
    </form>
  );
}
