// Lets the server's language model suggest texts.

import { Button, Checkbox, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useState } from "react";

import { useGenerateCaption, type CaptionBody } from "@/api/calls/workspace";
import { useTexts } from "@/i18n";
import { FormRefusal } from "@/ui/form-refusal";
import { Loading } from "@/ui/states";

import css from "./composer.module.css";

type Tone = NonNullable<CaptionBody["tone"]>;
type Length = NonNullable<CaptionBody["length"]>;
const TONES: Tone[] = ["professional", "casual", "witty", "enthusiastic", "urgent", "inspirational"];
const LENGTHS: Length[] = ["short", "medium", "long"];
const KNOWN = ["instagram", "facebook", "x", "linkedin", "youtube", "tiktok", "threads", "pinterest", "bluesky", "wordpress"] as const;
const SUGGESTIONS = 3;

interface Props {
  opened: boolean;
  onClose: () => void;
  platform: string | undefined;
  topic: string;
  onUse: (text: string) => void;
}

export function CaptionDialog(props: Props) {
  const { t } = useTexts();
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t("caption.title")} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      <Caption {...props} />
    </Modal>
  );
}

function Caption({ onClose, platform, topic, onUse }: Props) {
  const { t } = useTexts();
  const generate = useGenerateCaption();
  const [about, setAbout] = useState(topic);
  const [tone, setTone] = useState<Tone>("casual");
  const [length, setLength] = useState<Length>("medium");
  const [hashtags, setHashtags] = useState(false);
  const [emojis, setEmojis] = useState(false);
  const known = KNOWN.find((one) => one === platform);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        generate.mutate({ topic: about, tone, length, include_hashtags: hashtags, include_emojis: emojis, count: SUGGESTIONS, ...(known ? { platform: known } : {}) });
      }}
    >
      <Textarea label={t("caption.topic")} placeholder={t("caption.topic.hint")} autosize minRows={2} value={about} onChange={(event) => setAbout(event.currentTarget.value)} required withAsterisk={false} data-autofocus />
      <div className="row wrap top">
        <NativeSelect className="grow" label={t("caption.tone")} value={tone} onChange={(event) => setTone(event.currentTarget.value as Tone)} data={TONES.map((value) => ({ value, label: t(`caption.tone.${value}`) }))} />
        <NativeSelect className="grow" label={t("caption.length")} value={length} onChange={(event) => setLength(event.currentTarget.value as Length)} data={LENGTHS.map((value) => ({ value, label: t(`caption.length.${value}`) }))} />
      </div>
      <div className="row wrap" style={{ "--gap": "1.25rem" } as React.CSSProperties}>
        <Checkbox label={t("caption.hashtags")} checked={hashtags} onChange={(event) => setHashtags(event.currentTarget.checked)} />
        <Checkbox label={t("caption.emojis")} checked={emojis} onChange={(event) => setEmojis(event.currentTarget.checked)} />
      </div>
      <div>
        <Button type="submit" loading={generate.isPending} disabled={about.trim() === ""}>
          {t(generate.data ? "caption.more" : "caption.ask")}
        </Button>
      </div>
      <div aria-live="polite" className="stack">
        {generate.isPending && <Loading />}
        <FormRefusal error={generate.error} />
        {generate.data?.captions.map((caption, index) => (
          <div key={index} className={css.suggestion}>
            <p className="breaks no-margin">{caption}</p>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                onUse(caption);
                onClose();
              }}
            >
              {t("caption.use")}
            </Button>
          </div>
        ))}
      </div>
    </form>
  );
}
