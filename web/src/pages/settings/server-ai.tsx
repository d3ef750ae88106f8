// Who writes captions and makes pictures. Operators set the provider, remove it, and ask whether it answers.

import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";

import { Problem } from "@/api/problem";
import { useServerChange, useTestProvider, type ProviderTest, type ServerAi } from "@/api/session";
import { useTexts, type Key } from "@/i18n";
import { typed } from "@/lib/form";
import { Badge } from "@/ui/badges";
import { Confirm } from "@/ui/confirm";
import { Note } from "@/ui/note";
import { Section } from "@/ui/page";
import { describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import { FormEnd } from "./form-end";
import css from "./settings.module.css";

export function Ai({ ai }: { ai: ServerAi }) {
  const { t } = useTexts();
  const { provider } = ai;
  const [edited, setEdited] = useState(false);
  // What a test said holds until another provider is set.
  const test = useTestProvider();
  const isStored = provider?.source === "stored";
  return (
    <Section title={t("server.ai")} lead={t("server.ai.lead")}>
      {ai.set_up ? (
        <dl className={css.usage}>
          <Fact label="server.ai.host" value={ai.host ?? "–"} />
          <Fact label="server.ai.captions" value={ai.caption_model ?? t("server.ai.off")} />
          <Fact label="server.ai.images" value={ai.image_models.join(", ") || t("server.ai.off")} />
        </dl>
      ) : (
        <p className="no-margin">{t("server.ai.none")}</p>
      )}
      {provider?.source === "configuration" && <p className="dim small no-margin">{t("server.ai.configured")}</p>}
      {provider?.source === "sandbox" && <p className="dim small no-margin">{t("server.ai.sandbox")}</p>}
      {provider && (
        <>
          <div className="row wrap">
            {ai.set_up && (
              <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
                {t("server.ai.test")}
              </Button>
            )}
            {provider.source !== "configuration" && (
              <Button variant="default" onClick={() => setEdited(true)}>
                {t(isStored ? "server.ai.change" : "server.ai.set")}
              </Button>
            )}
            {isStored && <Remove onDone={test.reset} />}
          </div>
          <Tested outcome={test.data} error={test.error} />
        </>
      )}
      <Modal opened={edited} onClose={() => setEdited(false)} size="lg" title={t("server.ai.title")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Form ai={ai} onClose={() => setEdited(false)} onDone={test.reset} />
      </Modal>
    </Section>
  );
}

function Fact({ label, value }: { label: Key; value: string }) {
  const { t } = useTexts();
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd className="breaks">{value}</dd>
    </div>
  );
}

function Tested({ outcome, error }: { outcome: ProviderTest | undefined; error: unknown }) {
  const { t } = useTexts();
  return (
    <div role="status">
      {outcome?.works && <Badge tone="good">{t("server.ai.works")}</Badge>}
      {outcome && !outcome.works && (
        <Note tone={outcome.passing ? "wait" : "bad"} title={t("server.ai.fails")}>
          <p className="no-margin">{outcome.message}</p>
        </Note>
      )}
      {error != null && <p className="bad no-margin">{describe(error, t)}</p>}
    </div>
  );
}

function Remove({ onDone }: { onDone: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const remove = useServerChange<null>("DELETE", () => "/ai-provider");
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {t("server.ai.remove")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("server.ai.remove.ask")}
        action={t("server.ai.remove")}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(null, {
            onSuccess: () => {
              onDone();
              tell(t("server.ai.removed"));
            },
          })
        }
      >
        <p className="no-margin">{t("server.ai.remove.what")}</p>
      </Confirm>
    </>
  );
}

interface Sent {
  base_url: string;
  api_key?: string;
  caption_model: string;
  image_model: string;
}

const FIELDS = ["base_url", "api_key", "caption_model", "image_model"];

function Form({ ai, onClose, onDone }: { ai: ServerAi; onClose: () => void; onDone: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const set = useServerChange<Sent>("PUT", () => "/ai-provider");
  const stored = ai.provider?.source === "stored" ? ai.provider : null;
  const { error } = set;
  const errorOf = (field: string) => (error instanceof Problem && error.field === field ? error.message : undefined);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const body: Sent = { base_url: typed(form, "base_url"), caption_model: typed(form, "caption_model"), image_model: typed(form, "image_model") };
        const key = typed(form, "api_key");
        // An empty field keeps the key that is stored; without one it says that the provider wants none.
        if (key || !stored?.has_key) body.api_key = key;
        set.mutate(body, {
          onSuccess: () => {
            onDone();
            tell(t("server.ai.saved"));
            onClose();
          },
        });
      }}
    >
      <p className="no-margin">{t("server.ai.which")}</p>
      <TextInput
        name="base_url"
        label={t("server.ai.address")}
        description={t("server.ai.address.hint")}
        defaultValue={stored?.base_url ?? ""}
        error={errorOf("base_url")}
        autoComplete="off"
        spellCheck={false}
        inputMode="url"
        required
        withAsterisk={false}
        data-autofocus
      />
      <PasswordInput
        name="api_key"
        label={t("server.ai.key")}
        description={t(stored?.has_key ? "server.ai.key.kept" : "server.ai.key.hint")}
        error={errorOf("api_key")}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t("server.app.secret.show") }}
      />
      <TextInput
        name="caption_model"
        label={t("server.ai.captions.model")}
        description={t("server.ai.model.hint")}
        defaultValue={stored ? (ai.caption_model ?? "") : ""}
        error={errorOf("caption_model")}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        name="image_model"
        label={t("server.ai.images.model")}
        description={t("server.ai.model.hint")}
        defaultValue={stored?.image_model ?? ""}
        error={errorOf("image_model")}
        autoComplete="off"
        spellCheck={false}
      />
      <FormEnd error={error} fields={FIELDS} busy={set.isPending} onCancel={onClose} />
    </form>
  );
}
