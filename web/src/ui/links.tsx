// Links in the looks of Mantine, with addresses that the compiler checks.

import { Anchor, Button, type AnchorProps, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type Native = Omit<ComponentPropsWithRef<"a">, keyof ButtonProps>;

export const ButtonLink = createLink((props: ButtonProps & Native) => <Button component="a" {...props} />);
export const TextLink = createLink((props: AnchorProps & Omit<ComponentPropsWithRef<"a">, keyof AnchorProps>) => <Anchor {...props} />);
