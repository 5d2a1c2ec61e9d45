/** For which processor a Windows program or driver was built, out of its first bytes. Pure. */

const MACHINES: Readonly<Record<number, string>> = { 34404: 'x64', 43620: 'arm64', 332: 'x86' };

/** What os.machine says, in the same names. */
export const MACHINE_NAMES: Readonly<Record<string, string>> = {
  x86_64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  i686: 'x86',
};

/** `head`: the first kilobytes of the file. null if it is no such file, or for a processor that is not known. */
export function peMachine(head: Uint8Array): string | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 64 || view.getUint16(0, true) !== 0x5a4d) return null;
  const at = view.getUint32(60, true);
  if (at + 6 > head.length || view.getUint32(at, true) !== 0x4550) return null;
  return MACHINES[view.getUint16(at + 4, true)] ?? null;
}

/** A service's ImagePath as a path of the file system. `systemRoot`: `C:\Windows`. */
export function driverPath(imagePath: string, systemRoot: string): string {
  const path = imagePath.replace(/^\\\?\?\\/, '');
  if (/^\\SystemRoot\\/i.test(path)) return `${systemRoot}${path.slice('\\SystemRoot'.length)}`;
  return /^[A-Za-z]:/.test(path) ? path : `${systemRoot}\\${path.replace(/^\\+/, '')}`;
}
