// What the API refused, as an exception. Its message is written for people by the server.

export interface ProblemInfo {
  message: string;
  code: string;
  retryable: boolean;
  details?: Record<string, unknown> | null;
}

export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;
  readonly requestId: string | undefined;

  constructor(status: number, info: ProblemInfo, requestId?: string) {
    super(info.message);
    this.name = "Problem";
    this.status = status;
    this.code = info.code;
    this.retryable = info.retryable;
    this.details = info.details ?? {};
    this.requestId = requestId;
  }

  /** The field of the request that was wrong, if the server names one. */
  get field(): string | undefined {
    return typeof this.details.field === "string" ? this.details.field : undefined;
  }
}

/** Nothing answered: the server is away, or the network is. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/** Whether another try of the same request may succeed. */
export function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && error.retryable);
}
