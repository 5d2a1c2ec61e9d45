/** Reads from the first bytes of a Windows program or driver for which processor it was built. Pure. */

const MACHINES: Readonly<Record<number, string>> = { 34404: 'x64', 43620: 'arm64', 332: 'x86' };

/** The names of processors as os.machine gives them. */
export const MACHINE_NAMES: Readonly<Record<string, string>> = {
  x86_64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  i686: 'x86',
};

/** `head`: the first kilobytes of the file. Null if it is not a program file, or for an unknown processor. */
export function peMachine(head: Uint8Array): string | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 64 || view.getUint16(0, true) !== 0x5a4d) return null;
  const at = view.getUint32(60, true);
  if (at + 6 > head.length || view.getUint32(at, true) !== 0x4550) return null;
  return MACHINES[view.getUint16(at + 4, true)] ?? null;
}

/** The path of a file below the Windows folder as the boot loader and the kernel take it; null for one elsewhere. */
export function systemPath(file: string, systemRoot: string): string | null {
  const root = `${systemRoot.replace(/\\+$/, '')}\\`;
  return file.toLowerCase().startsWith(root.toLowerCase()) ? `\\SystemRoot\\${file.slice(root.length)}` : null;
}

/** Turns the ImagePath of a service into a path of the file system. `systemRoot`: `C:\Windows`. */
export function driverPath(imagePath: string, systemRoot: string): string {
  const path = imagePath.replace(/^\\\?\?\\/, '');
  if (/^\\SystemRoot\\/i.test(path)) return `${systemRoot}${path.slice('\\SystemRoot'.length)}`;
  return /^[A-Za-z]:/.test(path) ? path : `${systemRoot}\\${path.replace(/^\\+/, '')}`;
}
