// Takes files out of the library.

import { Button, Modal, UnstyledButton } from "@mantine/core";
import { IconCheck, IconPhoto } from "@tabler/icons-react";
import { useState } from "react";

import { useMediaList } from "@/api/calls/media";
import { useTexts } from "@/i18n";
import { Pager } from "@/ui/pager";
import { Await, Empty } from "@/ui/states";

import css from "./composer.module.css";
import { attached, type Attached } from "./draft";
import { Thumb } from "./media";

const LIMIT = 24;

interface Props {
  opened: boolean;
  onClose: () => void;
  chosen: string[];
  onPick: (item: Attached) => void;
}

export function LibraryPicker(props: Props) {
  const { t } = useTexts();
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t("compose.media.library")} size="xl" closeButtonProps={{ "aria-label": t("do.close") }}>
      <Picker {...props} />
    </Modal>
  );
}

function Picker({ onClose, chosen, onPick }: Props) {
  const { t } = useTexts();
  const [offset, setOffset] = useState(0);
  const list = useMediaList({ limit: LIMIT, offset });
  return (
    <Await query={list}>
      {({ items, pagination }) =>
        items.length === 0 ? (
          <Empty icon={IconPhoto} title={t("media.empty")}>
            {t("media.empty.do")}
          </Empty>
        ) : (
          <div className="stack">
            <ul className={`plain ${css.grid ?? ""}`}>
              {items
                .filter((item) => item.status === "ready")
                .map((item) => (
                  <li key={item.media_id}>
                    <UnstyledButton
                      className={css.pick}
                      aria-pressed={chosen.includes(item.media_id)}
                      aria-label={item.filename}
                      onClick={() => onPick(attached(item))}
                    >
                      <Thumb item={item} />
                      {chosen.includes(item.media_id) && (
                        <span className={css.picked}>
                          <IconCheck size={15} aria-hidden />
                        </span>
                      )}
                    </UnstyledButton>
                  </li>
                ))}
            </ul>
            <Pager {...pagination} onMove={setOffset} />
            <div className="row" style={{ justifyContent: "flex-end" }}>
              <Button onClick={onClose}>{t("compose.media.done")}</Button>
            </div>
          </div>
        )
      }
    </Await>
  );
}
