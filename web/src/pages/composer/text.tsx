// The text that all accounts share, the further parts of a thread, and the first comment.

import { ActionIcon, Button, Textarea } from "@mantine/core";
import { IconPlus, IconSparkles, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { useTexts } from "@/i18n";

import { CaptionDialog } from "./caption";
import css from "./composer.module.css";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  platforms: string[];
  hasThread: boolean;
  hasFirstComment: boolean;
}

export function CommonText({ draft, set, platforms, hasThread, hasFirstComment }: Props) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const changePart = (index: number, text: string) => set({ parts: draft.parts.map((part, at) => (at === index ? text : part)) });
  return (
    <div className="stack">
      <div className={css.textBox}>
        <Textarea
          aria-label={t("compose.text")}
          placeholder={t("compose.text.hint")}
          variant="unstyled"
          rows={5}
          value={draft.content}
          onChange={(event) => set({ content: event.currentTarget.value })}
          className={css.text ?? ""}
          data-text
        />
        <div className={css.textTools}>
          <Button size="compact-sm" variant="subtle" leftSection={<IconSparkles size={16} aria-hidden />} onClick={() => setAsking(true)}>
            {t("caption.do")}
          </Button>
          <span className="dim small number">{[...draft.content].length}</span>
        </div>
      </div>

      {hasThread && (
        <>
          {draft.parts.map((part, index) => (
            <div key={index} className={css.partBox}>
              <Textarea
                label={t("post.part", { number: index + 2 })}
                autosize
                minRows={2}
                value={part}
                onChange={(event) => changePart(index, event.currentTarget.value)}
                className="grow"
                autoFocus={part === ""}
              />
              <ActionIcon
                size="lg"
                aria-label={t("compose.part.remove", { number: index + 2 })}
                onClick={() => set({ parts: draft.parts.filter((_, at) => at !== index) })}
              >
                <IconX size={17} aria-hidden />
              </ActionIcon>
            </div>
          ))}
          <div>
            <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => set({ parts: [...draft.parts, ""] })}>
              {t("compose.part.add")}
            </Button>
          </div>
        </>
      )}

      {hasFirstComment && (
        <Textarea
          label={t("field.firstComment")}
          description={t("compose.firstComment.hint")}
          autosize
          minRows={1}
          value={draft.firstComment}
          onChange={(event) => set({ firstComment: event.currentTarget.value })}
        />
      )}
      <CaptionDialog
        opened={asking}
        onClose={() => setAsking(false)}
        platform={platforms.length === 1 ? platforms[0] : undefined}
        topic={draft.content}
        onUse={(content) => set({ content })}
      />
    </div>
  );
}
