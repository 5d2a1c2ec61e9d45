/** Processes of this machine: their names, which are running, and whether this one is elevated. */
import { ok, type Result } from '../core/result.ts';
import { bound, wideText } from './library.ts';

const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const TH32CS_SNAPPROCESS = 0x2;
const TOKEN_QUERY = 0x0008;
const TOKEN_ELEVATION = 20;
const INVALID_HANDLE = 0xffffffffffffffffn;
/** PROCESSENTRY32W on 64-bit Windows. */
const ENTRY = { bytes: 568, pid: 8, name: 44, nameUnits: 260 } as const;

const api = bound('kernel32.dll', (declare) => ({
  openProcess: declare('uintptr_t __stdcall OpenProcess(uint32_t access, int inherit, uint32_t pid)'),
  imageName: declare(
    'int __stdcall QueryFullProcessImageNameW(uintptr_t process, uint32_t flags, void *name, void *units)',
  ),
  currentProcess: declare('uintptr_t __stdcall GetCurrentProcess()'),
  snapshot: declare('uintptr_t __stdcall CreateToolhelp32Snapshot(uint32_t flags, uint32_t pid)'),
  first: declare('int __stdcall Process32FirstW(uintptr_t snapshot, void *entry)'),
  next: declare('int __stdcall Process32NextW(uintptr_t snapshot, void *entry)'),
  closeHandle: declare('int __stdcall CloseHandle(uintptr_t handle)'),
}));

const tokens = bound('advapi32.dll', (declare) => ({
  openToken: declare('int __stdcall OpenProcessToken(uintptr_t process, uint32_t access, void *token)'),
  information: declare(
    'int __stdcall GetTokenInformation(uintptr_t token, int kind, void *information, uint32_t bytes, void *needed)',
  ),
}));

export interface RunningProcess {
  readonly pid: number;
  /** File name of the image: `dbgview64.exe`. */
  readonly name: string;
}

/** File name of the image of process `pid`; null if it has ended or may not be examined. */
export function processName(pid: number): string | null {
  const loaded = api();
  if (!loaded.ok) return null;
  const { openProcess, imageName, closeHandle } = loaded.value;
  const process: number | bigint = openProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid);
  if (Number(process) === 0) return null;
  const name = new Uint16Array(1024);
  const units = new Uint32Array([name.length]);
  const done = imageName(process, 0, name, units);
  closeHandle(process);
  return done === 0 ? null : (wideText(name, units[0]).split('\\').at(-1) ?? null);
}

/** All running processes. Failure: source-unsupported. Empty if the system does not say. */
export function runningProcesses(): Result<RunningProcess[]> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const { snapshot, first, next, closeHandle } = loaded.value;
  const handle: number | bigint = snapshot(TH32CS_SNAPPROCESS, 0);
  if (BigInt(handle) === INVALID_HANDLE) return ok([]);
  const entry = new Uint8Array(ENTRY.bytes);
  const view = new DataView(entry.buffer);
  const name = new Uint16Array(entry.buffer, ENTRY.name, ENTRY.nameUnits);
  view.setUint32(0, ENTRY.bytes, true);
  const found: RunningProcess[] = [];
  for (let more = first(handle, entry); more !== 0; more = next(handle, entry)) {
    found.push({ pid: view.getUint32(ENTRY.pid, true), name: wideText(name) });
  }
  closeHandle(handle);
  return ok(found);
}

/** Whether this process has the rights of an administrator; null if the system does not say. Failure: source-unsupported. */
export function isElevated(): Result<boolean | null> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const advapi = tokens();
  if (!advapi.ok) return advapi;
  const token = new BigUint64Array(1);
  if (advapi.value.openToken(loaded.value.currentProcess(), TOKEN_QUERY, token) === 0) return ok(null);
  const elevation = new Uint32Array(1);
  const done = advapi.value.information(token[0], TOKEN_ELEVATION, elevation, 4, new Uint32Array(1));
  loaded.value.closeHandle(token[0]);
  return ok(done === 0 ? null : elevation[0] !== 0);
}
