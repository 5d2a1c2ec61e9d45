/** What an address means, in words. */
import type { ExplainedAddress } from '../../electron/contract/addresses.ts';

/** All of it on one line, for a tooltip and the clipboard. */
export function addressLine({ value, meaning, place, remark }: ExplainedAddress): string {
  return [`${value}  ${meaning}`, place, remark].filter((part) => part !== '').join(' - ');
}

/** An address of the kernel, of 64 bits: what a list of modules would explain. */
const OF_THE_KERNEL = /(?<![0-9a-z_])(?:0x)?ffff[89a-f][0-9a-f]{3}`?[0-9a-f]{8}(?![0-9a-z_])/i;

export const hasKernelAddress = (message: string): boolean => OF_THE_KERNEL.test(message);
