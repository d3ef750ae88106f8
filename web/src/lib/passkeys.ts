// The browser's own functions for passkeys. They take and give bytes; the server writes those as base64url.

type Json = Record<string, unknown>;

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Whether this browser knows passkeys at this address: they belong to a name, not to a number. */
export function knowsPasskeys(host = window.location.hostname): boolean {
  const isNumber = /^[\d.]+$/.test(host) || host.startsWith("[");
  return !isNumber && window.isSecureContext && "PublicKeyCredential" in window;
}

/** Whether the browser offers passkeys among the addresses of a form. */
export async function offersPasskeys(): Promise<boolean> {
  if (!knowsPasskeys() || typeof PublicKeyCredential.isConditionalMediationAvailable !== "function") return false;
  return PublicKeyCredential.isConditionalMediationAvailable().catch(() => false);
}

const idsOf = (list: unknown) => (list as { id: string }[]).map((one) => ({ ...one, id: bytesOf(one.id) })) as unknown[] as PublicKeyCredentialDescriptor[];

/** Somebody said no, or waited too long. */
const isCancelled = (cause: unknown) => cause instanceof DOMException && (cause.name === "NotAllowedError" || cause.name === "AbortError");

async function ask(asked: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await asked()) as PublicKeyCredential | null;
  } catch (cause) {
    if (isCancelled(cause)) return null;
    throw cause;
  }
}

/** Makes a passkey; null when the person does not want to. */
export async function createPasskey(options: Json): Promise<Json | null> {
  const user = options.user as { id: string };
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge as string),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: idsOf(options.excludeCredentials ?? []),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await ask(() => navigator.credentials.create({ publicKey }));
  if (!made) return null;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: textOf(made.rawId),
    type: made.type,
    response: { clientDataJSON: textOf(response.clientDataJSON), attestationObject: textOf(response.attestationObject) },
  };
}

/** Signs with a passkey; null when the person does not want to. With `signal`, the browser only offers it in
 * the field for the address. */
export async function signWithPasskey(options: Json, signal?: AbortSignal): Promise<Json | null> {
  const publicKey = { ...options, challenge: bytesOf(options.challenge as string), allowCredentials: [] } as unknown as PublicKeyCredentialRequestOptions;
  const made = await ask(() => navigator.credentials.get(signal ? { publicKey, signal, mediation: "conditional" } : { publicKey }));
  if (!made) return null;
  const response = made.response as AuthenticatorAssertionResponse;
  return {
    id: made.id,
    rawId: textOf(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: response.userHandle ? textOf(response.userHandle) : null,
    },
  };
}
