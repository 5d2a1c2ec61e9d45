/** Why a payload is not what its schema says. */

export interface Misfit {
  /** `local.port`, `ports[3]`. */
  readonly field: string;
  /** Offset in the payload at which it begins. */
  readonly offset: number;
  /** What is wrong: `8 bytes are needed, 3 are left`. */
  readonly problem: string;
}

/** `port at offset 12: 2 bytes are needed, 1 is left`. */
export const misfitText = ({ field, offset, problem }: Misfit): string =>
  `${field === '' ? 'payload' : field} at offset ${offset}: ${problem}`;

/** What stands for the name of what is only skipped. */
export const PADDING = 'padding';

export const needs = (needed: number, left: number): string =>
  `${needed} byte${needed === 1 ? ' is' : 's are'} needed, ${left} ${left === 1 ? 'is' : 'are'} left`;
