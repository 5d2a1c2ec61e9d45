/** The settings that decide whether Windows loads a driver: Secure Boot, test signing, memory integrity. */

import { bound } from './library.ts';
import { readDword } from './registry.ts';

const SYSTEM_CODE_INTEGRITY = 103;
const CODEINTEGRITY_TESTSIGN = 0x2;
const CODEINTEGRITY_HVCI_KMCI = 0x400;

const api = bound('ntdll.dll', (declare) => ({
  query: declare(
    'int32_t __stdcall NtQuerySystemInformation(int kind, void *information, uint32_t bytes, void *needed)',
  ),
}));

/** null where the system does not say. */
export interface LoadPolicy {
  readonly secureBoot: boolean | null;
  readonly testSigning: boolean | null;
  readonly hvci: boolean | null;
}

export function loadPolicy(): LoadPolicy {
  const options = codeIntegrity();
  const secureBoot = readDword('SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State', 'UEFISecureBootEnabled');
  return {
    secureBoot: secureBoot.ok && secureBoot.value !== null ? secureBoot.value !== 0 : null,
    testSigning: options === null ? null : (options & CODEINTEGRITY_TESTSIGN) !== 0,
    hvci: options === null ? null : (options & CODEINTEGRITY_HVCI_KMCI) !== 0,
  };
}

function codeIntegrity(): number | null {
  const loaded = api();
  if (!loaded.ok) return null;
  const information = new Uint32Array([8, 0]);
  const status: number = loaded.value.query(SYSTEM_CODE_INTEGRITY, information, 8, new Uint32Array(1));
  return status === 0 ? (information[1] as number) : null;
}
