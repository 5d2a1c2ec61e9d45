/** The thread that has Windows ask the person for rights: see elevated-start.ts. It does one thing, answers, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';
import type { ElevatedOutcome, ElevatedProgram } from './elevated-start.ts';
import { bound, systemError } from './library.ts';

const COINIT_APARTMENTTHREADED = 0x2;
const COINIT_DISABLE_OLE1DDE = 0x4;
/** The call returns once the program is started, for a thread that ends behind it. */
const SEE_MASK_NOASYNC = 0x100;
/** What fails is told by an error and not by a box of the system. */
const SEE_MASK_FLAG_NO_UI = 0x400;
const SW_SHOWNORMAL = 1;
/** SHELLEXECUTEINFOW of 64-bit Windows. */
const INFO_BYTES = 112;

const ole = bound('ole32.dll', (declare) => ({
  initialize: declare('int32_t __stdcall CoInitializeEx(void *reserved, uint32_t model)'),
}));

const kernel = bound('kernel32.dll', (declare) => ({
  getLastError: declare('uint32_t __stdcall GetLastError()'),
}));

const shell = bound('shell32.dll', (declare) => {
  koffi.struct('SHELLEXECUTEINFOW', {
    ...{ cbSize: 'uint32_t', fMask: 'uint32_t', hwnd: 'uintptr_t', lpVerb: 'const char16_t *' },
    ...{ lpFile: 'const char16_t *', lpParameters: 'const char16_t *', lpDirectory: 'const char16_t *' },
    ...{ nShow: 'int32_t', hInstApp: 'uintptr_t', lpIDList: 'uintptr_t', lpClass: 'uintptr_t' },
    ...{ hkeyClass: 'uintptr_t', dwHotKey: 'uint32_t', hIcon: 'uintptr_t', hProcess: 'uintptr_t' },
  });
  return { execute: declare('int __stdcall ShellExecuteExW(SHELLEXECUTEINFOW *info)') };
});

function start({ file, parameters, folder }: ElevatedProgram): ElevatedOutcome {
  const calls = { ole: ole(), kernel: kernel(), shell: shell() };
  for (const loaded of Object.values(calls))
    if (!loaded.ok)
      return { error: -1, system: loaded.failure.system ?? { code: 'load', text: loaded.failure.message } };
  if (!calls.ole.ok || !calls.kernel.ok || !calls.shell.ok) throw new Error('unreachable');
  // What answers for a verb may be a COM object, and wants a thread of this kind.
  calls.ole.value.initialize(null, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
  const started = calls.shell.value.execute({
    ...{ cbSize: INFO_BYTES, fMask: SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI, hwnd: 0, lpVerb: 'runas' },
    ...{ lpFile: file, lpParameters: parameters, lpDirectory: folder, nShow: SW_SHOWNORMAL },
    ...{ hInstApp: 0, lpIDList: 0, lpClass: 0, hkeyClass: 0, dwHotKey: 0, hIcon: 0, hProcess: 0 },
  });
  if (started !== 0) return { error: 0, system: { code: '0', text: '' } };
  const error: number = calls.kernel.value.getLastError();
  return { error, system: systemError(error) };
}

parentPort?.postMessage(start(workerData as ElevatedProgram));
