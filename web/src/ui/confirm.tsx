// Asks before something that cannot be taken back.

import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";

import { useTexts } from "@/i18n";
import { FormRefusal } from "./form-refusal";


interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  children?: ReactNode;
  action: string;
  onConfirm: () => void;
  busy?: boolean;
  error?: unknown;
  danger?: boolean;
}

export function Confirm({ opened, onClose, title, children, action, onConfirm, busy = false, error, danger = true }: ConfirmProps) {
  const { t } = useTexts();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("do.close") }}>
      <div className="stack">
        {children}
        <FormRefusal error={error} />
        <div className="row wrap" style={{ justifyContent: "flex-end" }}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("do.cancel")}
          </Button>
          <Button {...(danger ? { color: "red.9" } : {})} loading={busy} onClick={onConfirm}>
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
