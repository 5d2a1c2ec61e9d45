/**
 * The filter that decides which DbgPrint messages exist at all: a mask of levels for each component, read from the
 * registry when Windows starts. Pure.
 */
import { fail, ok, type Result } from '../core/result.ts';

export const DEBUG_FILTER_KEY = 'SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Debug Print Filter';

/** Bits of a mask: the levels of DbgPrintEx. DbgPrint itself writes as DEFAULT at `info`. */
export const FILTER_LEVELS = { error: 1, warning: 2, trace: 4, info: 8 } as const;

/** What lets all four levels of a component through. */
export const FILTER_ALL = 0xf;

/** Set by Windows for every component, whatever its own mask says. */
const EVERYWHERE = FILTER_LEVELS.error;

/** The components of dpfilter.h, which are the names of the registry's values. */
export const FILTER_COMPONENTS = (
  'ACPI ALPC AMLI APPCOMPAT AUTOCHK BURNENG CACHEMGR CDAUDIO CDROM CFR CLASSPNP CNG CONFIG COVERAGE CRASHDUMP DCOMSS ' +
  'DEFAULT DFRGIFC DFSC DISK DMADMIN DMCONFIG DMIO DMSERVER DMSYNTH DRIVEEXTENDER EMS ENVIRON EXFAT FASTFAT FCPORT FDC ' +
  'FILETRACE FLOPPY FLTMGR FLTREGRESS FSTUB FUSION FVEVOL HALIA64 HEAP HPS I8042PRT IDEP IDLETASK IHVAUDIO IHVBUS ' +
  'IHVDRIVER IHVNETWORK IHVSTREAMING IHVVIDEO IMAPI INFINIBAND IOSTRESS ISAPNP KBDCLASS KBDHID KSECDD KTM LDR LSASS ' +
  'LSERMOUS LUAFV MCHGR MM MMCSS MOUCLASS MOUHID MOUNTMGR MPIO MSDSM NDIS NETAPI NTFS NTOSPNP NVCTRACE PCI PCIIDE ' +
  'PERFLIB PNPMEM PNPMGR PREFETCHER PRINTSPOOLER PROCESSOR PSHED REDBOOK RPCPROXY RSFILTER RTLTHREADPOOL SAMSS SBP2PORT ' +
  'SCCLIENT SCSERVER SCSIMINIPORT SCSIPORT SE SERENUM SERIAL SERMOUSE SETUP SHPC SIS SMSS SOFTPCI SR SSPICLI ' +
  'STORMINIPORT STORPORT STORPROP STORVSP SVCHOST SXS SYSTEM TAPE TCPIP TCPIP6 TERMSRV THREADORDER TPM TWOTRACK TXF UDFS ' +
  'UHCD UNIMODEM USBSTOR USERGDI VDS VDSBAS VDSDYN VDSDYNDR VDSLDR VDSUTIL VERIFIER VIDEO VIDEOPRT VSS VSSDYNDISK ' +
  'W32TIME WDI WDT WHEA WMICORE WMILIB WOW64 WSOCKTRANSPORT XSAVE WIN2000'
).split(' ');

/** The mask in force for `component`, 0 if the registry has none, plus what Windows adds. */
export function effectiveMask(filter: ReadonlyMap<string, number>, component: string): number {
  const named = (name: string): number => {
    for (const [key, mask] of filter) if (key.toUpperCase() === name) return mask;
    return 0;
  };
  return (named(component) | named('WIN2000') | EVERYWHERE) >>> 0;
}

/** The levels in a mask, for people: `error, warning`. Bits beyond the four are shown as a number. */
export function describeMask(mask: number): string {
  const names = Object.entries(FILTER_LEVELS).flatMap(([name, bit]) => ((mask & bit) === 0 ? [] : [name]));
  const rest = (mask & ~FILTER_ALL) >>> 0;
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names.length === 0 ? 'none' : names.join(', ');
}

/** Reads `COMPONENT=MASK`, the mask decimal or 0x... Failure: bad-argument. */
export function parseMaskSetting(text: string): Result<{ component: string; mask: number }> {
  const match = /^([A-Za-z0-9]+)=(0x[0-9a-f]{1,8}|\d{1,10})$/i.exec(text);
  const component = match?.[1]?.toUpperCase() ?? '';
  const mask = Number(match?.[2]);
  if (match === null || mask > 0xffffffff) {
    return fail('bad-argument', `'${text}' is not COMPONENT=MASK`, 'Write for example DEFAULT=0xf');
  }
  return checkMask(component, mask);
}

/** Whether Windows knows such a setting; `mask` is a whole number of 32 bits. Failure: bad-argument. */
export function checkMask(component: string, mask: number): Result<{ component: string; mask: number }> {
  if (!FILTER_COMPONENTS.includes(component)) {
    return fail('bad-argument', `Windows has no debug print component '${component}'`, 'Use DEFAULT for DbgPrint');
  }
  return ok({ component, mask });
}

export interface DebugMask {
  readonly component: string;
  /** As the registry has it; null: not set there, which is 0. */
  readonly mask: number | null;
  /** What that lets through once Windows has read it. */
  readonly effective: number;
}

export interface DebugFilterReport {
  /** DEFAULT and IHVDRIVER always, every other component that is set. */
  readonly masks: readonly DebugMask[];
  /** Every component there is. */
  readonly components: readonly string[];
  /** Changed after Windows started, so not in force before a restart; null: the system does not say. */
  readonly restartNeeded: boolean | null;
  /** Whether this program may change it; null: the system does not say. */
  readonly elevated: boolean | null;
}

/** What drivers write to: DbgPrint, and DbgPrintEx as Microsoft's samples have it. */
const ALWAYS_SHOWN = ['DEFAULT', 'IHVDRIVER'];

/** The masks of a filter as an editor shows them. What is no component is not shown: Windows heeds none of it. */
export function listMasks(filter: ReadonlyMap<string, number>): DebugMask[] {
  const set = new Map([...filter].map(([name, mask]) => [name.toUpperCase(), mask]));
  const others = FILTER_COMPONENTS.filter((name) => set.has(name) && !ALWAYS_SHOWN.includes(name));
  return [...ALWAYS_SHOWN, ...others].map((component) => ({
    component,
    mask: set.get(component) ?? null,
    effective: effectiveMask(filter, component),
  }));
}
