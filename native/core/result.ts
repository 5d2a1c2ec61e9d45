/** Expected failures are values that a person can act on; anything thrown is a defect in this program. */

/** Machine-readable reason, stable across versions: tests, scripts and the doctor switch on it. */
export type FailureCode =
  | 'source-not-found'
  | 'source-busy'
  | 'source-unsupported'
  | 'source-gone'
  | 'permission-denied'
  | 'bad-magic'
  | 'bad-version'
  | 'bad-layout'
  | 'truncated-mapping'
  | 'corrupt-ring'
  | 'bad-argument'
  | 'bad-pattern'
  | 'pattern-too-slow'
  | 'io-error'
  | 'disk-full'
  | 'cancelled'
  | 'closed'
  | 'overloaded'
  | 'internal';

/** What the operating system said, where it said something. */
export interface SystemError {
  /** Symbolic or numeric code: `ENOSPC`, `5`, `0xC0000022`. */
  readonly code: string;
  /** The system's own text for the code. */
  readonly text: string;
}

export interface Failure {
  readonly code: FailureCode;
  /** What failed, one sentence, with the names the person used. */
  readonly message: string;
  /** What to do next, one sentence. */
  readonly action: string;
  readonly system?: SystemError;
  /** What it takes: the rights of an administrator, which this program has not got, and can ask for. */
  readonly needs?: 'elevation';
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(code: FailureCode, message: string, action: string, system?: SystemError): Result<never> {
  return { ok: false, failure: system ? { code, message, action, system } : { code, message, action } };
}

/** A text with a full stop, so that another sentence can follow; what has an end, or is empty, is as it is. */
export function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What failed, with the system's words behind it: `The file cannot be read (ENOENT: no such file)`. */
export function failureMessage({
  message,
  system,
}: Pick<Failure, 'message'> & { readonly system?: SystemError | undefined }): string {
  return system ? `${message} (${system.code}: ${system.text})` : message;
}

/** One line for a terminal, a log or the page: message, the system's words, what to do. */
export function describeFailure(failure: Pick<Failure, 'message' | 'action' | 'system'>): string {
  return [sentence(failureMessage(failure)), failure.action].filter((words) => words !== '').join(' ');
}

/** Makes a missing case of a union a compile error, and a loud defect if it is reached anyway. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
