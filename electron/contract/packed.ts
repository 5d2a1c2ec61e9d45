/**
 * Values that cross into the page as JSON text. Electron copies what passes the bridge property by property, which takes
 * a screenful of rows longer than drawing it; a text is copied as a whole.
 */

/** The JSON text of a `T`: plain data, its numbers finite. */
export type Packed<T> = string & { readonly packs?: T };

export const pack = <T>(value: T): Packed<T> => JSON.stringify(value);

export const unpack = <T>(text: Packed<T>): T => JSON.parse(text) as T;
