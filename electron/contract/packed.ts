/**
 * Values that are sent to the page as JSON text. Electron copies values across the bridge property by property, which
 * for a screenful of rows takes longer than drawing it; a text is copied as a whole.
 */

/** The JSON text of a `T`: plain data, its numbers finite. */
export type Packed<T> = string & { readonly packs?: T };

export const pack = <T>(value: T): Packed<T> => JSON.stringify(value);

export const unpack = <T>(text: Packed<T>): T => JSON.parse(text) as T;
