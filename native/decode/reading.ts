/**
 * What a value can mean, in words. A value that can mean several things has several readings, and each says as what it
 * reads the value; none says that it is the right one.
 */

export type ReadAs =
  | 'NTSTATUS'
  | 'HRESULT'
  | 'Win32'
  | 'bug check'
  | 'IRP major function'
  | 'IRP minor function'
  | 'control code'
  | 'IRQL'
  | 'pool tag'
  | 'GUID';

export interface Reading {
  readonly as: ReadAs;
  /** Its name; null where it has none that is known. */
  readonly name: string | null;
  /** What else there is to say, a few words; may be empty. */
  readonly detail: string;
}

/** `0xC00000B5`. `digits`: how many at least. */
export const hexText = (value: number, digits = 1): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

/**
 * A reading as a part of a line: `STATUS_IO_TIMEOUT - severity error, facility 0, code 181`. `alone`: nothing else comes
 * into question, and a name says by itself what it is the name of.
 */
export function readingText({ as, name, detail }: Reading, alone: boolean): string {
  const said = [name, detail].filter((part) => part !== null && part !== '').join(' - ');
  return alone && name !== null ? said : `as ${as}${said === '' ? '' : ` ${said}`}`;
}
