/** What the addresses in a message mean: the module that each lies in, and the function where symbols tell it. */

/** An address in a message. */
export interface ExplainedAddress {
  /** As it stands in the message. */
  readonly value: string;
  /** `nicfilt.sys+0x1234`, or `nicfilt!RxComplete+0x12`. */
  readonly meaning: string;
  /** The module and the place in it, where `meaning` is a function; else empty. */
  readonly place: string;
  /** What else a person should know, a few words: that the module was not loaded then, that symbols do not fit. May be empty. */
  readonly remark: string;
}

export interface RowAddresses {
  /** Each address of the message once, in order. */
  readonly found: readonly ExplainedAddress[];
  /** Modules that the session knows of. */
  readonly modules: number;
  /** False while messages are still looked through for modules: asked again, it may know more. */
  readonly complete: boolean;
}

export const NO_ADDRESSES: RowAddresses = { found: [], modules: 0, complete: true };

/** A list of modules that was read. */
export interface ModulesRead {
  readonly modules: number;
  /** Name of the file, without its folder. */
  readonly file: string;
}
